package dev.culvert.connector.assertion;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.culvert.config.Shown;
import java.io.IOException;
import java.net.URI;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges assertions by one `access` key: a compact JWS (RFC 7515, RFC 7519), RS256 and nothing else,
/// signed by a key of the issuer, with its `iss`, one of the audiences in `aud`, `exp` in the future
/// (required, to the second, as cloudflared's) and `nbf` at most [#LEEWAY] ahead.
///
/// Thread-safe. Blocking, since keys may have to be fetched: virtual threads only.
public final class AssertionCheck {
    static final Duration LEEWAY = Duration.ofMinutes(5);
    static final int MAX_LENGTH = 16 * 1024;

    private final @Nullable String issuer;
    private final Set<String> audiences;
    private final IssuerKeys keys;
    private final InstantSource clock;

    AssertionCheck(
            @Nullable String issuer, Set<String> audiences, IssuerKeys keys, InstantSource clock) {
        this.issuer = issuer;
        this.audiences = Set.copyOf(audiences);
        this.keys = keys;
        this.clock = clock;
    }

    /// @throws IOException when the trusted roots cannot be read
    public static AssertionCheck of(AccessSettings settings) throws IOException {
        URI address = settings.keys();
        KeySource source =
                address == null
                        ? () -> {
                            throw new IOException("no issuer is configured");
                        }
                        : new KeyServer(address, settings.caPool());
        InstantSource clock = InstantSource.system();
        return new AssertionCheck(
                settings.expectedIssuer(), settings.audTag(), new IssuerKeys(source, clock), clock);
    }

    /// What became of an assertion.
    public sealed interface Verdict {
        /// It is good.
        record Admitted() implements Verdict {}

        /// It is not.
        ///
        /// @param reason one line for the log; nothing of the assertion but short, quoted claims
        record Denied(String reason) implements Verdict {}

        /// Nobody can tell.
        record Unknown(String reason) implements Verdict {}
    }

    /// @param assertions every value of the header
    public Verdict check(List<String> assertions) {
        if (issuer == null) {
            return new Verdict.Denied("access names neither teamName nor issuer");
        }
        if (assertions.isEmpty() || assertions.getFirst().isEmpty()) {
            return new Verdict.Denied("no access token in the request");
        }
        if (assertions.size() > 1 || assertions.getFirst().length() > MAX_LENGTH) {
            return new Verdict.Denied("more than one access token, or one too long");
        }
        SignedJWT token;
        JWTClaimsSet claims;
        try {
            token = SignedJWT.parse(assertions.getFirst());
            claims = token.getJWTClaimsSet();
        } catch (ParseException | RuntimeException | StackOverflowError e) {
            return new Verdict.Denied("the access token is no signed JWT");
        }
        try {
            String wrong = wrongSignature(token);
            return wrong == null ? judge(claims) : new Verdict.Denied(wrong);
        } catch (IOException e) {
            return new Verdict.Unknown(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String wrongSignature(SignedJWT token) throws IOException {
        JWSHeader header = token.getHeader();
        // The algorithm is ours to say: a key of the issuer is never taken for anything but RS256.
        if (!JWSAlgorithm.RS256.equals(header.getAlgorithm())) {
            return "the access token is signed by "
                    + Shown.value(String.valueOf(header.getAlgorithm()))
                    + " (expected: RS256)";
        }
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            return "the access token has critical parameters";
        }
        List<RSAPublicKey> candidates = keys.find(header.getKeyID());
        if (candidates.isEmpty()) {
            return "the issuer has no key "
                    + Shown.value(Objects.requireNonNullElse(header.getKeyID(), ""));
        }
        for (RSAPublicKey key : candidates) {
            try {
                if (token.verify(new RSASSAVerifier(key))) {
                    return null;
                }
            } catch (JOSEException | IllegalStateException e) {
                // Not by this key.
            }
        }
        return "the access token's signature is wrong";
    }

    private Verdict judge(JWTClaimsSet claims) {
        Instant now = clock.instant();
        if (!Objects.equals(claims.getIssuer(), issuer)) {
            return new Verdict.Denied(
                    "the access token is of the issuer "
                            + Shown.value(String.valueOf(claims.getIssuer())));
        }
        if (claims.getExpirationTime() == null
                || !claims.getExpirationTime().toInstant().isAfter(now)) {
            return new Verdict.Denied("the access token has expired");
        }
        if (claims.getNotBeforeTime() != null
                && claims.getNotBeforeTime().toInstant().isAfter(now.plus(LEEWAY))) {
            return new Verdict.Denied("the access token is not valid yet");
        }
        if (claims.getAudience().stream().noneMatch(audiences::contains)) {
            return new Verdict.Denied(
                    "the access token is for "
                            + Shown.value(String.join(", ", claims.getAudience()))
                            + ", not for this application");
        }
        return new Verdict.Admitted();
    }
}
