package dev.culvert.edge.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.ByteArrayOutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys a provider signs with, of its `jwks_uri`: kept for five minutes, fetched again for a token
/// with an unknown `kid`, at most twice in 30 s. Thread-safe; blocking.
final class ProviderKeys implements JWSKeySelector<SecurityContext>, JWSVerifierFactory {
    /// Signatures with public keys only: with `HS256` the public key itself could be taken for the secret.
    static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512,
                    JWSAlgorithm.EdDSA,
                    JWSAlgorithm.Ed25519);

    /// What comes before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410).
    private static final byte[] ED25519_PREFIX =
            HexFormat.of().parseHex("302a300506032b6570032100");

    private final JWKSource<SecurityContext> source;
    private final JWSVerifierFactory usual = new DefaultJWSVerifierFactory();

    ProviderKeys(URI uri, ProviderHttp http) throws MalformedURLException {
        source =
                JWKSourceBuilder.create(uri.toURL(), http)
                        .refreshAheadCache(false)
                        .rateLimited(true)
                        .build();
    }

    @Override
    public List<? extends Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context)
            throws KeySourceException {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        if (matcher == null || !ALGORITHMS.contains(header.getAlgorithm())) {
            return List.of();
        }
        List<PublicKey> keys = new ArrayList<>();
        for (JWK key : source.get(new JWKSelector(matcher), context)) {
            keys.add(publicKey(key));
        }
        return keys;
    }

    private static PublicKey publicKey(JWK key) throws KeySourceException {
        try {
            return switch (key) {
                case OctetKeyPair pair -> ed25519(pair);
                case AsymmetricJWK pair -> pair.toPublicKey();
                default -> throw new KeySourceException("a key of the kind " + key.getKeyType());
            };
        } catch (JOSEException | GeneralSecurityException e) {
            throw new KeySourceException("a key of the provider cannot be read", e);
        }
    }

    private static PublicKey ed25519(OctetKeyPair pair)
            throws GeneralSecurityException, KeySourceException {
        if (!Curve.Ed25519.equals(pair.getCurve())) {
            throw new KeySourceException("a key of the curve " + pair.getCurve());
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(ED25519_PREFIX);
        encoded.writeBytes(pair.getDecodedX());
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    }

    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
        return JWSAlgorithm.EdDSA.equals(header.getAlgorithm()) && key instanceof PublicKey known
                ? new Ed25519Verifier(known)
                : usual.createJWSVerifier(header, key);
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return ALGORITHMS;
    }

    @Override
    public JCAContext getJCAContext() {
        return usual.getJCAContext();
    }
}
