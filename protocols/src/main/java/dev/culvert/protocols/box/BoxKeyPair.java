package dev.culvert.protocols.box;

import dev.culvert.protocols.ProtocolException;
import java.security.SecureRandom;

/// An X25519 key pair for one transfer.
///
/// Immutable.
public final class BoxKeyPair {
    private final byte[] secret;
    private final BoxPublicKey publicKey;

    private BoxKeyPair(byte[] secret) {
        this.secret = secret;
        this.publicKey = new BoxPublicKey(Curve25519.publicKey(secret));
    }

    public static BoxKeyPair fresh(SecureRandom random) {
        byte[] secret = new byte[Curve25519.BYTES];
        random.nextBytes(secret);
        return new BoxKeyPair(secret);
    }

    static BoxKeyPair of(byte[] secret) {
        return new BoxKeyPair(SecretBox.requireLength("secret", secret, Curve25519.BYTES).clone());
    }

    public BoxPublicKey publicKey() {
        return publicKey;
    }

    /// The box between this pair and another.
    SecretBox with(BoxPublicKey other) throws ProtocolException {
        return Box.between(secret, other.point());
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "BoxKeyPair[" + publicKey + "]";
    }
}
