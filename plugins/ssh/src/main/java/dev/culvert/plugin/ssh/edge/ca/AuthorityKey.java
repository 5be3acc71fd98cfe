package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshDecoder;
import dev.culvert.protocols.ssh.SshEncoder;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A key of an authority; without its private half when it only is still trusted. Immutable.
final class AuthorityKey {
    /// What it signs with.
    enum Algorithm {
        ED25519("Ed25519", "Ed25519"),
        /// On P-256.
        ECDSA("EC", "SHA256withECDSAinP1363Format");

        private final String ofKeys;
        private final String ofSignatures;

        Algorithm(String ofKeys, String ofSignatures) {
            this.ofKeys = ofKeys;
            this.ofSignatures = ofSignatures;
        }
    }

    private final Algorithm algorithm;
    private final SshPublicKey open;
    private final @Nullable PrivateKey secret;

    private AuthorityKey(Algorithm algorithm, SshPublicKey open, @Nullable PrivateKey secret) {
        this.algorithm = algorithm;
        this.open = open;
        this.secret = secret;
    }

    static AuthorityKey make(Algorithm algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.ofKeys);
            if (algorithm == Algorithm.ECDSA) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            KeyPair pair = generator.generateKeyPair();
            return new AuthorityKey(
                    algorithm, SshPublicKey.of(pair.getPublic()), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " is part of every JDK", e);
        }
    }

    SshPublicKey open() {
        return open;
    }

    AuthorityKey withoutSecret() {
        return new AuthorityKey(algorithm, open, null);
    }

    /// A signature as SSH writes it (RFC 5656, section 3.1.2; RFC 8709, section 6).
    byte[] sign(byte[] bytes) {
        if (secret == null) {
            throw new IllegalStateException("signs no more");
        }
        try {
            Signature signature = Signature.getInstance(algorithm.ofSignatures);
            signature.initSign(secret);
            signature.update(bytes);
            byte[] signed = signature.sign();
            return new SshEncoder()
                    .string(open.type().word())
                    .string(algorithm == Algorithm.ECDSA ? twoNumbers(signed) : signed)
                    .toBytes();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " is part of every JDK", e);
        }
    }

    private static byte[] twoNumbers(byte[] fixed) {
        int half = fixed.length / 2;
        return new SshEncoder()
                .mpint(new BigInteger(1, Arrays.copyOf(fixed, half)))
                .mpint(new BigInteger(1, Arrays.copyOfRange(fixed, half, fixed.length)))
                .toBytes();
    }

    /// Both halves; secret.
    void encode(SshEncoder out) {
        out.string(open.bytes()).string(secret == null ? new byte[0] : secret.getEncoded());
    }

    static AuthorityKey decode(Algorithm algorithm, SshDecoder in) throws ProtocolException {
        SshPublicKey open = SshPublicKey.of(in.string("public key"));
        byte[] encoded = in.string("private key");
        if (encoded.length == 0) {
            return new AuthorityKey(algorithm, open, null);
        }
        try {
            PrivateKey secret =
                    KeyFactory.getInstance(algorithm.ofKeys)
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new AuthorityKey(algorithm, open, secret);
        } catch (GeneralSecurityException e) {
            throw new ProtocolException("private key: broken (expected: one of " + algorithm + ")");
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }
}
