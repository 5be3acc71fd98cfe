package dev.culvert.connector.assertion;

import static dev.culvert.connector.assertion.Issuer.claims;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.culvert.connector.assertion.AssertionCheck.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssertionCheckTest {
    private static final Issuer ISSUER = new Issuer("k1");
    private static final Issuer STRANGER = new Issuer("k1");
    private Instant now = Issuer.NOW;

    private Verdict check(String... assertions) {
        return check(ISSUER::keySet, assertions);
    }

    private Verdict check(KeySource source, String... assertions) {
        return new AssertionCheck(
                        Issuer.NAME,
                        Set.of(Issuer.AUDIENCE),
                        new IssuerKeys(source, () -> now),
                        () -> now)
                .check(List.of(assertions));
    }

    private static void assertDenied(Verdict verdict, String reason) {
        assertThat(verdict).isInstanceOf(Verdict.Denied.class);
        assertThat(((Verdict.Denied) verdict).reason()).contains(reason);
    }

    private static String signed(UnaryOperator<JWTClaimsSet.Builder> change) {
        return ISSUER.sign(change.apply(claims()).build());
    }

    @Test
    void admitsAGoodAssertion() {
        assertThat(check(signed(c -> c))).isEqualTo(new Verdict.Admitted());
        assertThat(check(signed(c -> c.audience(Issuer.AUDIENCE))))
                .isEqualTo(new Verdict.Admitted());
        assertThat(check(ISSUER.sign(JWSAlgorithm.RS256, null, claims().build())))
                .isEqualTo(new Verdict.Admitted());
    }

    @Test
    void deniesWhereThereIsNone() {
        assertDenied(check(), "no access token");
        assertDenied(check(""), "no access token");
        assertDenied(check(signed(c -> c), signed(c -> c)), "more than one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b.c", "..", "e30.e30.", "e30.e30.e30", "{}"})
    void deniesWhatIsNoToken(String text) {
        assertDenied(check(text), "no signed JWT");
        assertDenied(check("a".repeat(AssertionCheck.MAX_LENGTH + 1)), "too long");
    }

    @Test
    void deniesATokenNobodySigned() {
        assertDenied(check(new PlainJWT(claims().build()).serialize()), "no signed JWT");
        String good = signed(c -> c);
        String none =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\",\"kid\":\"k1\"}".getBytes());
        assertDenied(check(none + good.substring(good.indexOf('.'))), "no signed JWT");
        assertDenied(check(good.substring(0, good.lastIndexOf('.') + 1)), "no signed JWT");
    }

    /// The public key is public: as the secret of an HMAC it proves nothing.
    @Test
    void deniesAnHmacMadeWithThePublicKey() throws Exception {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
                        claims().build());
        token.sign(new MACSigner(ISSUER.key.toRSAPublicKey().getEncoded()));
        assertDenied(check(token.serialize()), "\"HS256\" (expected: RS256)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256"})
    void deniesEveryOtherAlgorithmOfTheSameKey(String algorithm) {
        assertDenied(
                check(ISSUER.sign(JWSAlgorithm.parse(algorithm), "k1", claims().build())),
                "expected: RS256");
    }

    @Test
    void deniesAForgedSignature() {
        assertDenied(check(STRANGER.sign(claims().build())), "signature is wrong");
        String good = signed(c -> c);
        String other = signed(c -> c.subject("root"));
        String mixed =
                other.substring(0, other.lastIndexOf('.')) + good.substring(good.lastIndexOf('.'));
        assertDenied(check(mixed), "signature is wrong");
    }

    @Test
    void deniesAnUnknownKey() {
        assertDenied(
                check(ISSUER.sign(JWSAlgorithm.RS256, "k2", claims().build())),
                "the issuer has no key \"k2\"");
    }

    @Test
    void deniesAnotherIssuerAndAudience() {
        assertDenied(check(signed(c -> c.issuer(Issuer.NAME + "/"))), "issuer");
        assertDenied(check(signed(c -> c.issuer(null))), "issuer");
        assertDenied(check(signed(c -> c.audience("other"))), "not for this application");
        assertDenied(check(signed(c -> c.audience((String) null))), "not for this application");
    }

    @Test
    void deniesBeforeAndAfterItsTime() {
        String token = signed(c -> c);
        now = Issuer.NOW.plusSeconds(59);
        assertThat(check(token)).isEqualTo(new Verdict.Admitted());
        now = Issuer.NOW.plusSeconds(60);
        assertDenied(check(token), "expired");
        now = Issuer.NOW.minus(AssertionCheck.LEEWAY);
        assertThat(check(token)).isEqualTo(new Verdict.Admitted());
        now = now.minusSeconds(1);
        assertDenied(check(token), "not valid yet");
        now = Issuer.NOW;
        assertDenied(check(signed(c -> c.expirationTime((Date) null))), "expired");
    }

    @Test
    void knowsNothingWithoutTheKeys() {
        KeySource down =
                () -> {
                    throw new IOException("connection refused");
                };
        assertThat(check(down, signed(c -> c))).isInstanceOf(Verdict.Unknown.class);
        assertThat(check(() -> "<html>", signed(c -> c))).isInstanceOf(Verdict.Unknown.class);
        assertThat(check(() -> "{}", signed(c -> c))).isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    void admitsNobodyWithoutAnIssuerOrAnAudience() throws Exception {
        AccessSettings nobody = new AccessSettings(true, "", Set.of(), "", null, null, null);
        assertDenied(AssertionCheck.of(nobody).check(List.of(signed(c -> c))), "neither");
        assertDenied(
                new AssertionCheck(
                                Issuer.NAME,
                                Set.of(),
                                new IssuerKeys(ISSUER::keySet, () -> now),
                                () -> now)
                        .check(List.of(signed(c -> c))),
                "not for this application");
    }

    @ParameterizedTest
    @CsvSource({
        "team, '', https://team.cloudflareaccess.com",
        "team, fed, https://team.fed.cloudflareaccess.com"
    })
    void findsTheKeysOfATeam(String team, String environment, String issuer) {
        AccessSettings settings =
                new AccessSettings(true, team, Set.of(), environment, null, null, null);
        assertThat(settings.expectedIssuer()).isEqualTo(issuer);
        assertThat(settings.keys()).hasToString(issuer + "/cdn-cgi/access/certs");
    }
}
