package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.culvert.edge.signin.ProviderConfig.Client;
import dev.culvert.edge.signin.TestBrowser.Outcome;
import dev.culvert.edge.signin.TestHttps.Answer;
import dev.culvert.edge.testing.TestTls;
import dev.culvert.edge.web.Form;
import dev.culvert.policy.Identity;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// A provider that forges, lies, and has trouble.
final class OidcTokenTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Secret SECRET = new Secret("a secret of more than 256 bits, for HS256");

    @TempDir static Path temp;
    private static TestTls tls;
    private static RSAKey key;
    private static RSAKey strangers;

    private TestHttps server;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Map<String, Object> metadata = new HashMap<>();
    private Map<String, Object> userinfo = Map.of("sub", "ann");
    private TestBrowser browser;

    /// Makes what the token endpoint gives as `id_token`.
    interface Forgery {
        String of(JWTClaimsSet claims) throws Exception;
    }

    @BeforeAll
    static void makeKeys() throws Exception {
        tls = new TestTls(temp);
        key = new RSAKeyGenerator(2048).keyID("key").generate();
        strangers = new RSAKeyGenerator(2048).keyID("key").generate();
    }

    @BeforeEach
    void start() throws Exception {
        server = new TestHttps(tls);
        metadata.putAll(
                Map.of(
                        "issuer", server.url("/op"),
                        "authorization_endpoint", server.url("/op/authorize"),
                        "token_endpoint", server.url("/op/token"),
                        "jwks_uri", server.url("/op/keys"),
                        "userinfo_endpoint", server.url("/op/me"),
                        "response_types_supported", List.of("code"),
                        "subject_types_supported", List.of("public"),
                        "id_token_signing_alg_values_supported", List.of("RS256")));
        server.at(
                "/op/.well-known/openid-configuration",
                asked -> Answer.json(JSON.writeValueAsString(metadata)));
        server.at("/op/keys", asked -> Answer.json(new JWKSet(key).toString(true)));
        server.at("/op/me", asked -> Answer.json(JSON.writeValueAsString(userinfo)));
        browser = new TestBrowser(new ProviderLogin(provider(Duration.ofSeconds(30))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OidcProvider provider(Duration whole) throws Exception {
        return new OidcProvider(
                new OidcConfig(
                        "op",
                        "Op",
                        URI.create(server.url("/op")),
                        new Client("edge", SECRET, List.of("openid"), tls.roots()),
                        "groups",
                        List.of(),
                        true),
                new ProviderHttp(tls.roots(), whole),
                now::get);
    }

    private Outcome signIn(Forgery forgery) throws Exception {
        return signIn(claims -> claims, forgery);
    }

    private Outcome signIn(UnaryOperator<JWTClaimsSet.Builder> change, Forgery forgery)
            throws Exception {
        Form asked = Form.ofQuery(browser.get("").redirect());
        Instant issued = Instant.now();
        JWTClaimsSet claims =
                change.apply(
                                new JWTClaimsSet.Builder()
                                        .issuer(server.url("/op"))
                                        .subject("ann")
                                        .audience("edge")
                                        .issueTime(Date.from(issued))
                                        .expirationTime(Date.from(issued.plusSeconds(300)))
                                        .claim("nonce", asked.text("nonce"))
                                        .claim("email", "ann@example.com")
                                        .claim("email_verified", true)
                                        .claim("groups", List.of("staff")))
                        .build();
        String token = forgery.of(claims);
        server.at(
                "/op/token",
                request ->
                        Answer.json(
                                JSON.writeValueAsString(
                                        Map.of(
                                                "access_token", "access",
                                                "token_type", "Bearer",
                                                "id_token", token))));
        return browser.get("/callback?code=c&state=" + asked.text("state"));
    }

    private static String signed(JWTClaimsSet claims, JWSHeader header, RSAKey by)
            throws Exception {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(new RSASSASigner(by));
        return token.serialize();
    }

    private static JWSHeader header(String kid) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
    }

    private static String good(JWTClaimsSet claims) throws Exception {
        return signed(claims, header("key"), key);
    }

    private void assertRefused(Outcome outcome) {
        assertThat(outcome.identity()).isNull();
        assertThat(outcome.status()).isEqualTo(502);
        assertThat(outcome.text()).contains("cannot be trusted");
        assertThat(browser.failures).singleElement().asString().startsWith("|ID token refused: ");
    }

    @Test
    void aGoodTokenSignsIn() throws Exception {
        assertThat(signIn(OidcTokenTest::good).identity())
                .isEqualTo(
                        new Identity(
                                "op:ann",
                                "ann@example.com",
                                "ann@example.com",
                                "op",
                                List.of(),
                                List.of("staff"),
                                Map.of()));
        assertThat(server.asked).doesNotContain("/op/me");
    }

    static Stream<Arguments> forgeries() throws Exception {
        byte[] publicKey = key.toRSAPublicKey().getEncoded();
        String pem =
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey)
                        + "\n-----END PUBLIC KEY-----\n";
        return Stream.of(
                forgery("alg none", claims -> new PlainJWT(claims).serialize()),
                forgery("the public key as a secret", claims -> hmac(claims, publicKey)),
                forgery(
                        "the public key's PEM as a secret",
                        claims -> hmac(claims, pem.getBytes(StandardCharsets.US_ASCII))),
                forgery(
                        "the client's secret",
                        claims -> hmac(claims, SECRET.value().getBytes(StandardCharsets.UTF_8))),
                forgery("another key", claims -> signed(claims, header("key"), strangers)),
                forgery("an unknown kid", claims -> signed(claims, header("other"), strangers)),
                forgery(
                        "a key of its own in the header",
                        claims ->
                                signed(
                                        claims,
                                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                                .jwk(strangers.toPublicJWK())
                                                .build(),
                                        strangers)),
                forgery(
                        "critical header",
                        claims ->
                                signed(
                                        claims,
                                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                                .keyID("key")
                                                .customParam("odd", true)
                                                .criticalParams(Set.of("odd"))
                                                .build(),
                                        key)),
                forgery(
                        "a token of another type",
                        claims ->
                                signed(
                                        claims,
                                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                                .keyID("key")
                                                .type(new JOSEObjectType("logout+jwt"))
                                                .build(),
                                        key)),
                forgery(
                        "another payload under the signature",
                        claims -> {
                            String[] parts = good(claims).split("\\.");
                            JWTClaimsSet other =
                                    new JWTClaimsSet.Builder(claims).subject("root").build();
                            return parts[0]
                                    + "."
                                    + new Payload(other.toJSONObject()).toBase64URL()
                                    + "."
                                    + parts[2];
                        }),
                forgery("no signature", claims -> good(claims).replaceFirst("[^.]*$", "AA")));
    }

    private static Arguments forgery(String name, Forgery forgery) {
        return Arguments.of(name, forgery);
    }

    private static String hmac(JWTClaimsSet claims, byte[] secret) throws Exception {
        JWSObject token =
                new JWSObject(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key").build(),
                        new Payload(claims.toJSONObject()));
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void refusesATokenWith(String name, Forgery forgery) throws Exception {
        assertRefused(signIn(forgery));
    }

    static Stream<Arguments> wrongClaims() {
        Instant now = Instant.now();
        return Stream.of(
                claims("another audience", c -> c.audience("other")),
                claims("no audience", c -> c.audience((String) null)),
                claims("audiences without its own", c -> c.audience(List.of("a", "b"))),
                claims("another authorised party", c -> c.claim("azp", "other")),
                claims("another issuer", c -> c.issuer("https://evil.example.com")),
                claims("no issuer", c -> c.issuer(null)),
                claims(
                        "a time that is over",
                        c ->
                                c.issueTime(Date.from(now.minusSeconds(600)))
                                        .expirationTime(Date.from(now.minusSeconds(120)))),
                claims("no end", c -> c.expirationTime(null)),
                claims("no time of issue", c -> c.issueTime(null)),
                claims(
                        "a time of issue to come",
                        c ->
                                c.issueTime(Date.from(now.plusSeconds(600)))
                                        .expirationTime(Date.from(now.plusSeconds(900)))),
                claims("another nonce", c -> c.claim("nonce", "other")),
                claims("no nonce", c -> c.claim("nonce", null)),
                claims("no subject", c -> c.subject(null)));
    }

    private static Arguments claims(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongClaims")
    void refusesATokenOf(String name, UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        assertRefused(signIn(change, OidcTokenTest::good));
    }

    @Test
    void anEncryptedOrBrokenTokenIsRefused() throws Exception {
        assertThat(signIn(claims -> "a.b.c.d.e").status()).isEqualTo(502);
        assertThat(signIn(claims -> "nonsense").status()).isEqualTo(502);
    }

    @Test
    void userinfoOfSomebodyElseIsRefused() throws Exception {
        userinfo = Map.of("sub", "root", "email", "root@example.com", "email_verified", true);
        Outcome outcome = signIn(c -> c.claim("email", null), OidcTokenTest::good);
        assertThat(outcome.identity()).isNull();
        assertThat(browser.failures).singleElement().asString().contains("somebody else");
    }

    @Test
    void thatOneAddressIsVerifiedSaysNothingOfAnother() throws Exception {
        userinfo = Map.of("sub", "ann", "email", "real@example.com", "email_verified", true);
        Outcome outcome =
                signIn(
                        c -> c.claim("email", "boss@example.com").claim("email_verified", null),
                        OidcTokenTest::good);
        assertThat(outcome.identity().email()).isEqualTo("real@example.com");
        userinfo = Map.of("sub", "ann", "email_verified", true);
        outcome =
                signIn(
                        c -> c.claim("email", "boss@example.com").claim("email_verified", null),
                        OidcTokenTest::good);
        assertThat(outcome.identity()).isNull();
    }

    @Test
    void anAddressThatOnlyLooksLikeAnotherIsNone() throws Exception {
        // The Kelvin sign, of which the lower case is a k.
        Outcome outcome =
                signIn(c -> c.claim("email", "\u212Aate@example.com"), OidcTokenTest::good);
        assertThat(outcome.identity()).isNull();
    }

    @Test
    void tooManyGroupsAreAnErrorAndNotCutOff() throws Exception {
        Outcome outcome =
                signIn(c -> c.claim("groups", Collections.nCopies(1001, "g")), OidcTokenTest::good);
        assertThat(outcome.status()).isEqualTo(502);
        assertThat(browser.failures).singleElement().asString().contains("more than 1000");
    }

    @Test
    void saysWhatTheTokenEndpointAnswers() throws Exception {
        String state = Form.ofQuery(browser.get("").redirect()).text("state");
        server.at("/op/token", asked -> Answer.json(401, "{\"error\":\"invalid_client\"}"));
        Outcome outcome = browser.get("/callback?code=c&state=" + state);
        assertThat(outcome.status()).isEqualTo(502);
        assertThat(browser.failures)
                .containsExactly("|token endpoint refused the code: invalid_client");
    }

    @Test
    void aRedirectOfTheTokenEndpointIsNotFollowed() throws Exception {
        String state = Form.ofQuery(browser.get("").redirect()).text("state");
        server.at(
                "/op/token",
                asked -> new Answer(307, "", Map.of("Location", server.url("/elsewhere"))));
        assertThat(browser.get("/callback?code=c&state=" + state).status()).isEqualTo(502);
        assertThat(server.asked).doesNotContain("/elsewhere");
    }

    @Test
    void anAnswerOfMoreThanOneMebibyteIsNotRead() throws Exception {
        String state = Form.ofQuery(browser.get("").redirect()).text("state");
        server.at("/op/token", asked -> Answer.json(" ".repeat((1 << 20) + 1) + "{}"));
        assertThat(browser.get("/callback?code=c&state=" + state).status()).isEqualTo(503);
        assertThat(browser.failures).singleElement().asString().contains("exceeds");
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedFor() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        server.at(
                "/op/.well-known/openid-configuration",
                asked -> {
                    never.await();
                    return Answer.json("{}");
                });
        browser = new TestBrowser(new ProviderLogin(provider(Duration.ofMillis(300))));
        assertThat(browser.get("").status()).isEqualTo(503);
        assertThat(browser.failures).singleElement().asString().contains("no whole answer");
        never.countDown();
    }

    @ParameterizedTest
    @MethodSource("wrongMetadata")
    void refusesMetadataWith(String name, Object value) throws Exception {
        metadata.put(name, value);
        Outcome outcome = browser.get("");
        assertThat(outcome.redirect()).isNull();
        assertThat(outcome.status()).isEqualTo(502);
    }

    static Stream<Arguments> wrongMetadata() {
        return Stream.of(
                Arguments.of("issuer", "https://localhost:1/op"),
                Arguments.of("token_endpoint", "http://localhost:1/token"),
                Arguments.of("authorization_endpoint", "javascript:alert(1)"),
                Arguments.of("jwks_uri", "http://localhost:1/keys"),
                Arguments.of("subject_types_supported", "public"));
    }

    @Test
    void metadataIsAskedAgainAfterAnHourAndUsedForADay() throws Exception {
        String document = "/op/.well-known/openid-configuration";
        browser.get("");
        browser.get("");
        assertThat(count(document)).isEqualTo(1);
        now.updateAndGet(t -> t.plus(Duration.ofHours(1)));
        server.at(document, asked -> Answer.json(500, "{}"));
        assertThat(browser.get("").redirect()).isNotNull();
        assertThat(browser.get("").redirect()).isNotNull();
        assertThat(count(document)).isEqualTo(2);
        now.updateAndGet(t -> t.plus(Duration.ofHours(23)));
        assertThat(browser.get("").status()).isEqualTo(503);
        server.at(document, asked -> Answer.json(JSON.writeValueAsString(metadata)));
        assertThat(browser.get("").status()).isEqualTo(503);
        now.updateAndGet(t -> t.plusSeconds(5));
        assertThat(browser.get("").redirect()).isNotNull();
    }

    private long count(String path) {
        return server.asked.stream().filter(path::equals).count();
    }
}
