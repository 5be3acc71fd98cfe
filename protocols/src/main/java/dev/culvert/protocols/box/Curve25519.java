package dev.culvert.protocols.box;

import dev.culvert.protocols.ProtocolException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;

/// X25519 (RFC 7748, section 5) on byte strings, by the platform. Immutable.
final class Curve25519 {
    static final int BYTES = 32;

    /// The base point: its multiple by a secret is the secret's public key.
    private static final byte[] BASE = new byte[BYTES];

    static {
        BASE[0] = 9;
    }

    private Curve25519() {}

    static byte[] publicKey(byte[] secret) {
        try {
            return multiply(secret, BASE);
        } catch (ProtocolException e) {
            throw new IllegalStateException("the base point is of large order", e);
        }
    }

    /// @throws ProtocolException for a point of small order, which would make the result known to all
    static byte[] multiply(byte[] secret, byte[] point) throws ProtocolException {
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            NamedParameterSpec curve = NamedParameterSpec.X25519;
            PrivateKey own = keys.generatePrivate(new XECPrivateKeySpec(curve, secret));
            PublicKey other = keys.generatePublic(new XECPublicKeySpec(curve, coordinate(point)));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(own);
            agreement.doPhase(other, true);
            return agreement.generateSecret();
        } catch (InvalidKeyException e) {
            throw ProtocolException.of("public key", "of small order", "a fresh X25519 key");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 11 has X25519", e);
        }
    }

    /// Little-endian; the highest bit is ignored.
    private static BigInteger coordinate(byte[] point) {
        byte[] bigEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bigEndian[i] = point[BYTES - 1 - i];
        }
        bigEndian[0] &= 0x7F;
        return new BigInteger(1, bigEndian);
    }
}
