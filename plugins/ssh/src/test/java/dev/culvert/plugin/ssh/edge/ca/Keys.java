package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshEncoder;
import dev.culvert.protocols.ssh.SshKeyType;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;

/// Public keys for tests.
final class Keys {
    private Keys() {}

    static SshPublicKey ed25519() {
        try {
            return SshPublicKey.of(
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// Made by `ssh-keygen`; one of a security key, which that makes only with the device, from its parts.
    static SshPublicKey of(SshKeyType type, Path directory) throws Exception {
        return switch (type) {
            case ED25519 -> made(directory, "ed25519", 256);
            case ECDSA_256 -> made(directory, "ecdsa", 256);
            case ECDSA_384 -> made(directory, "ecdsa", 384);
            case ECDSA_521 -> made(directory, "ecdsa", 521);
            case RSA -> made(directory, "rsa", 2048);
            case SK_ED25519 -> ofDevice(type, ed25519());
            case SK_ECDSA_256 -> ofDevice(type, made(directory, "ecdsa", 256));
        };
    }

    private static SshPublicKey made(Path directory, String type, int bits) throws Exception {
        Path file = directory.resolve(type + bits);
        OpenSshd.run(
                "ssh-keygen", "-q", "-t", type, "-b", "" + bits, "-N", "", "-f", file.toString());
        return SshPublicKey.ofLine(Files.readString(Path.of(file + ".pub")));
    }

    private static SshPublicKey ofDevice(SshKeyType type, SshPublicKey like)
            throws ProtocolException {
        byte[] bytes = like.bytes();
        int from = Integer.BYTES + like.type().word().length();
        return SshPublicKey.of(
                new SshEncoder()
                        .string(type.word())
                        .raw(Arrays.copyOfRange(bytes, from, bytes.length))
                        .string("ssh:")
                        .toBytes());
    }
}
