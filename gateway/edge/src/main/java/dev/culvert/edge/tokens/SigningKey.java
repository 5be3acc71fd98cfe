package dev.culvert.edge.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.culvert.edge.state.Digests;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An RSA key of 2048 bits that signs tokens (RS256). Its `kid` is the SHA-256 of the public key.
/// Immutable; thread-safe.
final class SigningKey {
    private static final int BITS = 2048;

    private final UUID id;
    private final String kid;
    private final RSAPrivateCrtKey privateKey;
    private final RSAPublicKey publicKey;
    private final Instant createdAt;
    private final @Nullable Instant retiresAt;
    private final RSASSAVerifier verifier;

    private SigningKey(
            UUID id, RSAPrivateCrtKey privateKey, Instant createdAt, @Nullable Instant retiresAt)
            throws GeneralSecurityException {
        this.id = id;
        this.privateKey = privateKey;
        this.createdAt = createdAt;
        this.retiresAt = retiresAt;
        this.publicKey =
                (RSAPublicKey)
                        KeyFactory.getInstance("RSA")
                                .generatePublic(
                                        new RSAPublicKeySpec(
                                                privateKey.getModulus(),
                                                privateKey.getPublicExponent()));
        this.kid = HexFormat.of().formatHex(Digests.sha256().digest(publicKey.getEncoded()));
        this.verifier = new RSASSAVerifier(publicKey);
    }

    static SigningKey make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return new SigningKey(
                    UUID.randomUUID(),
                    (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate(),
                    now,
                    null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("RSA is part of every JDK", e);
        }
    }

    /// @param encoded PKCS #8
    static SigningKey read(UUID id, byte[] encoded, Instant createdAt, @Nullable Instant retiresAt)
            throws GeneralSecurityException {
        return new SigningKey(
                id,
                (RSAPrivateCrtKey)
                        KeyFactory.getInstance("RSA")
                                .generatePrivate(new PKCS8EncodedKeySpec(encoded)),
                createdAt,
                retiresAt);
    }

    UUID id() {
        return id;
    }

    String kid() {
        return kid;
    }

    Instant createdAt() {
        return createdAt;
    }

    /// From when on nothing that it signed counts; null while it is the newest.
    @Nullable Instant retiresAt() {
        return retiresAt;
    }

    byte[] encoded() {
        return privateKey.getEncoded();
    }

    SigningKey retiring(Instant at) throws GeneralSecurityException {
        return new SigningKey(id, privateKey, createdAt, at);
    }

    RSASSASigner signer() {
        return new RSASSASigner(privateKey);
    }

    RSASSAVerifier verifier() {
        return verifier;
    }

    RSAKey jwk() {
        return new RSAKey.Builder(publicKey)
                .keyID(kid)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(com.nimbusds.jose.JWSAlgorithm.RS256)
                .build();
    }

    boolean verifies(com.nimbusds.jose.JWSObject token) {
        try {
            return token.verify(verifier);
        } catch (JOSEException | IllegalStateException e) {
            return false;
        }
    }
}
