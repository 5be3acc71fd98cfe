package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import javax.security.auth.login.FailedLoginException;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/// Reads private keys that users paste.
final class PastedKeys {
    private static final NamedResource NAME = NamedResource.ofName("pasted key");

    /// A file of a 16384-bit RSA key has 13 KiB.
    private static final int MAX_LENGTH = 32 * 1024;

    private PastedKeys() {}

    /// The first key of the text, which is overwritten.
    static KeyPair read(SignIn.PastedKey pasted) throws RefusedException {
        try {
            if (pasted.text().length > MAX_LENGTH) {
                throw unreadable();
            }
            return parse(pasted);
        } finally {
            pasted.wipe();
        }
    }

    private static KeyPair parse(SignIn.PastedKey pasted) throws RefusedException {
        boolean[] asked = new boolean[1];
        FilePasswordProvider passphrase =
                (_, _, _) -> {
                    asked[0] = true;
                    return pasted.passphrase().isEmpty() ? null : pasted.passphrase();
                };
        try (InputStream in = new ByteArrayInputStream(pasted.text())) {
            Iterable<KeyPair> pairs =
                    SecurityUtils.loadKeyPairIdentities(null, NAME, in, passphrase);
            Iterator<KeyPair> found = pairs == null ? null : pairs.iterator();
            if (found != null && found.hasNext()) {
                return found.next();
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // What SSHD says may quote the file.
            if (asked[0] || e instanceof FailedLoginException) {
                throw new RefusedException(
                        "key_passphrase",
                        pasted.passphrase().isEmpty()
                                ? "The private key is encrypted."
                                : "The private key does not open with this passphrase.",
                        "Give its passphrase.");
            }
        }
        throw unreadable();
    }

    private static RefusedException unreadable() {
        return new RefusedException(
                "key_unreadable",
                "That is not a private key that can be read.",
                "Paste a whole file such as ~/.ssh/id_ed25519, from -----BEGIN to -----END: of OpenSSH or PEM, Ed25519,"
                        + " ECDSA or RSA.");
    }
}
