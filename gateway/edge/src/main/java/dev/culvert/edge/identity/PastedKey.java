package dev.culvert.edge.identity;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshKeyType;
import dev.culvert.protocols.ssh.SshPublicKey;

/// A public key as somebody pastes it to register it: the line of a file `id_….pub`. Immutable.
///
/// @param comment what stood behind the key, may be empty
public record PastedKey(SshPublicKey key, String comment) {
    /// @throws StateException when it is none, or of a kind that is not taken; never repeats what was given
    public static PastedKey parse(String text) throws StateException {
        if (text.contains("PRIVATE KEY")) {
            throw refused(
                    "this is a private key, which is nobody's but yours; it was not kept",
                    "paste the file that ends in .pub; if others saw this one, make a new key");
        }
        String[] parts = text.strip().split("[ \t]+", 3);
        if (text.length() > SshPublicKey.MAX_LINE
                || text.strip().lines().count() != 1
                || parts.length < 2) {
            throw refused(
                    "this is no public key (expected: one line such as ssh-ed25519 AAAA…)",
                    "paste the whole file that ends in .pub");
        }
        if (SshKeyType.of(parts[0]) == null) {
            throw otherKind(parts[0]);
        }
        try {
            return new PastedKey(
                    SshPublicKey.ofLine(text), parts.length == 3 ? parts[2].strip() : "");
        } catch (ProtocolException e) {
            throw refused(
                    "this public key is damaged or too weak: " + e.getMessage(),
                    "paste the whole file that ends in .pub, or make a new key with: ssh-keygen -t"
                            + " ed25519");
        }
    }

    private static StateException otherKind(String type) {
        return type.contains("-cert-")
                ? refused(
                        "this is a certificate (expected: a public key)",
                        "paste the file of the key itself, without -cert in its name")
                : refused(
                        "keys of the kind "
                                + StateException.quoted(type)
                                + " are not taken (expected: Ed25519, ECDSA, RSA, or a security"
                                + " key's)",
                        "make a new key with: ssh-keygen -t ed25519");
    }

    private static StateException refused(String what, String next) {
        return new StateException(Code.INVALID, what, next);
    }
}
