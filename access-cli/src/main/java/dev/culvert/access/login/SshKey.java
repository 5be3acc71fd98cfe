package dev.culvert.access.login;

import dev.culvert.access.Problem;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshKeyFile;
import dev.culvert.protocols.ssh.SshKeyType;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The key of this user for one host: in files, made where it is missing. It stays the same, since without a
/// certificate of minutes it opens nothing, and another ssh may be reading it at this moment.
///
/// Stateless. Blocking.
final class SshKey {
    /// Kinds that can be asked for.
    enum Kind {
        ED25519(SshKeyType.ED25519, "Ed25519"),
        /// On P-256.
        ECDSA(SshKeyType.ECDSA_256, "EC");

        private final SshKeyType type;
        private final String algorithm;

        Kind(SshKeyType type, String algorithm) {
            this.type = type;
            this.algorithm = algorithm;
        }

        private KeyPair generate() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
                if (this == ECDSA) {
                    generator.initialize(new ECGenParameterSpec("secp256r1"));
                }
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(algorithm + " is part of every JDK", e);
            }
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private SshKey() {}

    /// @param kind null for the one that is there, Ed25519 when there is none
    static SshPublicKey of(TokenFiles files, String host, @Nullable Kind kind) throws Problem {
        SshPublicKey known = known(files, host, kind);
        if (known != null) {
            return known;
        }
        try (LoginLock _ = LoginLock.take(files, files.sshKey(host), PATIENCE, () -> {})) {
            known = known(files, host, kind);
            return known == null ? made(files, host, kind == null ? Kind.ED25519 : kind) : known;
        }
    }

    private static @Nullable SshPublicKey known(TokenFiles files, String host, @Nullable Kind kind)
            throws Problem {
        String line = files.read(files.sshPublicKey(host));
        if (line == null || files.read(files.sshKey(host)) == null) {
            return null;
        }
        try {
            SshPublicKey key = SshPublicKey.ofLine(line);
            return kind == null || kind.type == key.type() ? key : null;
        } catch (ProtocolException e) {
            return null;
        }
    }

    /// The public half last: until it is there, there is no key.
    private static SshPublicKey made(TokenFiles files, String host, Kind kind) throws Problem {
        files.remove(files.sshCertificate(host));
        files.remove(files.sshPublicKey(host));
        KeyPair pair = kind.generate();
        SshPublicKey key = SshPublicKey.of(pair.getPublic());
        String text = SshKeyFile.format(pair, new SecureRandom().nextInt());
        files.write(files.sshKey(host), text.strip());
        files.write(files.sshPublicKey(host), key.line());
        return key;
    }
}
