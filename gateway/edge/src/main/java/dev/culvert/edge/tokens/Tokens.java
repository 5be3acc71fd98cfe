package dev.culvert.edge.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.culvert.policy.Identity;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes and reads the tokens of `docs/access.md`: RS256 and nothing else. The algorithm and the key id are
/// looked at before any key is used.
///
/// Reading costs one RSA verification, once: what was found good is remembered until it expires or
/// 20,000 others were.
///
/// Thread-safe. Never blocks.
public final class Tokens {
    private static final int MAX_TOKEN = 4096;
    private static final int MAX_REMEMBERED = 20_000;
    private static final Duration METADATA_LIFE = Duration.ofHours(12);

    private final SigningKeys keys;
    private final Supplier<String> issuer;
    private final InstantSource clock;
    private final Map<String, AccessToken> good = new ConcurrentHashMap<>();

    /// @param issuer `iss` of all tokens, an `https:` URL
    public Tokens(SigningKeys keys, Supplier<String> issuer, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    public String issuer() {
        return issuer.get();
    }

    /// The token of a person for an application or, of type ORG, for the auth host.
    public String issue(
            AccessToken.Type type,
            String audience,
            UUID session,
            Identity identity,
            Instant expiresAt) {
        return sign(person(type.word(), audience, session, identity, expiresAt).build());
    }

    /// What an origin is told of a person.
    ///
    /// @param country of the address, null when not known
    public String assertPerson(
            String audience,
            UUID session,
            Identity identity,
            @Nullable String country,
            Instant expiresAt) {
        JWTClaimsSet.Builder claims =
                person("assertion", audience, session, identity, expiresAt)
                        .claim("name", identity.name());
        if (country != null) {
            claims.claim("country", country);
        }
        if (!identity.groups().isEmpty()) {
            claims.claim("groups", identity.groups());
        }
        if (!identity.claims().isEmpty()) {
            claims.claim("custom", identity.claims());
        }
        return sign(claims.build());
    }

    /// What an origin is told of a machine.
    ///
    /// @param name of the service token's id, or the certificate's common name
    public String assertMachine(String audience, String name, Instant expiresAt) {
        return sign(
                claims("assertion", audience, expiresAt)
                        .subject("")
                        .claim("common_name", name)
                        .build());
    }

    /// What a command line is told of an application (`cf-access-metadata`).
    ///
    /// @param hostname the host that was asked
    /// @param authDomain the auth host, with its port unless 443
    public String metadata(String audience, String hostname, String authDomain) {
        return sign(
                claims("match", audience, clock.instant().plus(METADATA_LIFE))
                        .claim("aud", audience)
                        .claim("hostname", hostname)
                        .claim("app_hostname", hostname)
                        .claim("auth_domain", authDomain)
                        .build());
    }

    private JWTClaimsSet.Builder person(
            String type, String audience, UUID session, Identity identity, Instant expiresAt) {
        return claims(type, audience, expiresAt)
                .subject(identity.id())
                .claim("email", identity.email())
                .claim("sid", session.toString())
                .claim("amr", identity.amr());
    }

    private JWTClaimsSet.Builder claims(String type, String audience, Instant expiresAt) {
        Date now = Date.from(clock.instant());
        return new JWTClaimsSet.Builder()
                .issuer(issuer.get())
                .audience(List.of(audience))
                .issueTime(now)
                .notBeforeTime(now)
                .expirationTime(Date.from(expiresAt))
                .claim("type", type);
    }

    private String sign(JWTClaimsSet claims) {
        SigningKey key = keys.current();
        SignedJWT token = new SignedJWT(header(key.kid()), claims);
        try {
            token.sign(key.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("RS256 is part of every JDK", e);
        }
        return token.serialize();
    }

    /// The fields in alphabetical order and without spaces: cloudflared keeps a token parsed and writes it
    /// anew each time it shows it, which changes any other spelling, and with it what was signed.
    private static JWSHeader header(String kid) {
        String json = "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\",\"typ\":\"JWT\"}";
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(kid)
                .parsedBase64URL(Base64URL.encode(json))
                .build();
    }

    /// @param audience the one it must be for
    /// @return null when it is not a good token of this type for this audience
    public @Nullable AccessToken read(String text, AccessToken.Type type, String audience) {
        AccessToken token = read(text, type);
        return token != null && token.audience().equals(audience) ? token : null;
    }

    /// @return null when it is not a good token of this type; for whom it is, is the caller's to look at
    public @Nullable AccessToken read(String text, AccessToken.Type type) {
        AccessToken token = good.get(text);
        if (token == null) {
            token = verified(text);
            if (token == null) {
                return null;
            }
            if (good.size() >= MAX_REMEMBERED) {
                good.clear();
            }
            good.put(text, token);
        }
        if (!token.expiresAt().isAfter(clock.instant())) {
            good.remove(text);
            return null;
        }
        return token.type() == type ? token : null;
    }

    private @Nullable AccessToken verified(String text) {
        if (text.length() > MAX_TOKEN) {
            return null;
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWSHeader header = token.getHeader();
            SigningKey key =
                    JWSAlgorithm.RS256.equals(header.getAlgorithm())
                            ? keys.find(header.getKeyID())
                            : null;
            return key == null || !key.verifies(token) ? null : read(token.getJWTClaimsSet());
        } catch (ParseException | IllegalArgumentException e) {
            return null;
        }
    }

    private @Nullable AccessToken read(JWTClaimsSet claims) throws ParseException {
        AccessToken.Type type = AccessToken.Type.of(claims.getStringClaim("type"));
        Date expires = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        String session = claims.getStringClaim("sid");
        List<String> audience = claims.getAudience();
        if (type == null
                || expires == null
                || session == null
                || claims.getSubject() == null
                || audience.size() != 1
                || !issuer.get().equals(claims.getIssuer())
                || (notBefore != null && notBefore.toInstant().isAfter(clock.instant()))) {
            return null;
        }
        return new AccessToken(
                type,
                audience.getFirst(),
                UUID.fromString(session),
                claims.getSubject(),
                expires.toInstant());
    }
}
