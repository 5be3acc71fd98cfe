package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.openid.connect.sdk.Nonce;
import dev.culvert.edge.signin.ProviderConfig.Client;
import dev.culvert.edge.signin.TestBrowser.Outcome;
import dev.culvert.edge.testing.OidcNodeProvider;
import dev.culvert.edge.testing.TestTls;
import dev.culvert.policy.Identity;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a certified provider that knows nothing of the edge but its registration.
final class OidcProviderTest {
    private static final String BACK = TestBrowser.ORIGIN + "/cdn-cgi/access/signin/corp/callback";

    @TempDir static Path temp;
    private static TestTls tls;
    private static OidcNodeProvider corp;

    private TestBrowser browser;

    @BeforeAll
    static void start() throws Exception {
        OidcNodeProvider.install();
        tls = new TestTls(temp);
        corp = new OidcNodeProvider(tls, BACK, "RS256", false);
    }

    @AfterAll
    static void stop() throws Exception {
        if (corp != null) {
            corp.close();
        }
    }

    @BeforeEach
    void openBrowser() throws Exception {
        browser = new TestBrowser(login(config(corp.issuer())));
    }

    private static Client client() {
        return new Client(
                "basic",
                new Secret("basic+/ secret"),
                List.of("openid", "email", "profile", "groups"),
                tls.roots());
    }

    private static OidcConfig config(URI issuer) {
        return config(issuer, client(), true);
    }

    private static OidcConfig config(URI issuer, Client client, boolean verified) {
        return new OidcConfig(
                "corp", "Corp", issuer, client, "groups", List.of("department"), verified);
    }

    private static ProviderLogin login(OidcConfig config) throws Exception {
        return ProviderLogin.of(config, InstantSource.system());
    }

    private static Outcome signIn(TestBrowser browser, String user) throws Exception {
        return browser.open(corp.signIn(browser.get("").redirect(), user));
    }

    private static final Identity ANN =
            new Identity(
                    "corp:ann",
                    "ann@example.com",
                    "Ann Example",
                    "corp",
                    List.of(),
                    List.of("staff", "ops"),
                    Map.of("department", List.of("it")));

    @Test
    void signsInWithGroupsAndClaims() throws Exception {
        assertThat(signIn(browser, "ann").identity()).isEqualTo(ANN);
        assertThat(browser.failures).isEmpty();
    }

    @Test
    void signsInWithoutASecret() throws Exception {
        Client client =
                new Client(
                        "public",
                        null,
                        List.of("openid", "email", "profile", "groups"),
                        tls.roots());
        browser = new TestBrowser(login(config(corp.issuer(), client, true)));
        assertThat(signIn(browser, "ann").identity()).isEqualTo(ANN);
    }

    @Test
    void oneGroupMayBeOneText() throws Exception {
        Identity one = signIn(browser, "one").identity();
        assertThat(one.groups()).containsExactly("staff");
        assertThat(one.name()).isEqualTo("one@example.com");
        assertThat(one.claims()).isEmpty();
    }

    @Test
    void asksForACodeOfItsOwnProofKeyAndNonce() throws Exception {
        String there = browser.get("").redirect();
        assertThat(there)
                .startsWith(corp.issuer() + "/auth?")
                .contains("response_type=code")
                .contains("code_challenge_method=S256")
                .contains("code_challenge=")
                .contains("state=")
                .contains("nonce=");
        assertThat(browser.get("").redirect()).isNotEqualTo(there);
    }

    @Test
    void anAddressThatIsNotVerifiedDoesNotCount() throws Exception {
        Outcome outcome = signIn(browser, "bob");
        assertThat(outcome.status()).isEqualTo(403);
        assertThat(outcome.text())
                .startsWith("Corp did not sign you in: ")
                .contains("not verified there");
        assertThat(browser.failures).containsExactly("|e-mail address is not verified");
        browser = new TestBrowser(login(config(corp.issuer(), client(), false)));
        assertThat(signIn(browser, "bob").identity().email()).isEqualTo("bob@example.com");
    }

    @Test
    void somebodyWithoutAnAddressIsNotLetIn() throws Exception {
        assertThat(signIn(browser, "eve").text()).contains("does not say your e-mail address");
    }

    @Test
    void goingBackIsSaidInWords() throws Exception {
        Outcome outcome = browser.open(corp.abort(browser.get("").redirect()));
        assertThat(outcome.status()).isEqualTo(403);
        assertThat(outcome.text())
                .contains("You did not agree there")
                .contains("It says: “End-User aborted interaction”");
    }

    @Test
    void theStateOfAnotherBrowserIsRefusedAndDisturbsNothing() throws Exception {
        TestBrowser other = new TestBrowser(login(config(corp.issuer())));
        String link = corp.signIn(other.get("").redirect(), "ann");
        String mine = browser.get("").redirect();
        Outcome outcome = browser.open(link);
        assertThat(outcome.status()).isEqualTo(403);
        assertThat(outcome.text()).contains("no sign-in that this browser began");
        assertThat(browser.open(corp.signIn(mine, "one")).identity().email())
                .isEqualTo("one@example.com");
        assertThat(new TestBrowser(login(config(corp.issuer()))).open(link).status())
                .isEqualTo(403);
    }

    @Test
    void aCodeOfAnotherBrowserIsRefusedByItsProofKey() throws Exception {
        TestBrowser other = new TestBrowser(login(config(corp.issuer())));
        String stolen = corp.signIn(other.get("").redirect(), "ann");
        String mine = corp.signIn(browser.get("").redirect(), "one");
        Outcome outcome =
                browser.open(mine.replaceAll("code=[^&]+", "code=" + parameter(stolen, "code")));
        assertThat(outcome.status()).isEqualTo(403);
        assertThat(browser.failures)
                .containsExactly("|token endpoint refused the code: invalid_grant");
    }

    private static String parameter(String url, String name) {
        return url.replaceAll(".*[?&]" + name + "=([^&]+).*", "$1");
    }

    @Test
    void anAnswerCountsOnce() throws Exception {
        String link = corp.signIn(browser.get("").redirect(), "ann");
        assertThat(browser.open(link).identity()).isEqualTo(ANN);
        assertThat(browser.open(link).text()).contains("was used already");
    }

    @Test
    void aCodeCountsOnce() throws Exception {
        String there = browser.get("").redirect();
        String note = browser.attempt.get("provider");
        String link = corp.signIn(there, "ann");
        assertThat(browser.open(link).identity()).isEqualTo(ANN);
        browser.attempt.put("provider", note);
        assertThat(browser.open(link).text()).contains("used already, or took too long");
    }

    @Test
    void aTokenForAnotherQuestionIsRefused() throws Exception {
        String link = corp.signIn(browser.get("").redirect(), "ann");
        Flow flow = Flow.ofNote(browser.attempt.get("provider"));
        browser.attempt.put(
                "provider", new Flow("corp", flow.state(), new Nonce(), flow.verifier()).toNote());
        Outcome outcome = browser.open(link);
        assertThat(outcome.status()).isEqualTo(502);
        assertThat(outcome.text()).contains("cannot be trusted");
        assertThat(browser.failures)
                .singleElement()
                .asString()
                .startsWith("|ID token refused: ")
                .containsIgnoringCase("nonce");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&iss=https%3A%2F%2Fevil.example.com"})
    void anAnswerOfAnotherIssuerIsRefused(String issuer) throws Exception {
        String link = corp.signIn(browser.get("").redirect(), "ann");
        assertThat(link).contains("iss=");
        Outcome outcome = browser.open(link.replaceAll("&iss=[^&]+", "") + issuer);
        assertThat(outcome.status()).isEqualTo(502);
        assertThat(browser.failures)
                .singleElement()
                .asString()
                .contains("the answer is of the issuer");
    }

    @Test
    void aParameterGivenTwiceIsRefused() throws Exception {
        String link = corp.signIn(browser.get("").redirect(), "ann");
        assertThat(browser.open(link + "&code=x").status()).isEqualTo(502);
        assertThat(browser.open(link).identity()).isEqualTo(ANN);
    }

    @Test
    void aProviderThatIsAnotherThanConfiguredIsNotUsed() throws Exception {
        URI other = URI.create("https://127.0.0.1:" + corp.issuer().getPort());
        Outcome outcome = new TestBrowser(login(config(other))).get("");
        assertThat(outcome.status()).isEqualTo(502);
        assertThat(outcome.redirect()).isNull();
    }

    @Test
    void aProviderWhoseCertificateIsNotTrustedIsNotAsked() throws Exception {
        Client trusting = new Client("basic", null, List.of("openid"), List.of());
        browser = new TestBrowser(login(config(corp.issuer(), trusting, true)));
        assertThat(browser.get("").status()).isEqualTo(503);
        assertThat(browser.failures).singleElement().asString().contains("discovery failed");
    }

    @Test
    void thatAProviderIsAwayIsSaid() throws Exception {
        TestTls own = new TestTls(temp);
        OidcNodeProvider shortLived = new OidcNodeProvider(own, BACK, "RS256", false);
        shortLived.close();
        browser = new TestBrowser(login(config(shortLived.issuer())));
        Outcome outcome = browser.get("");
        assertThat(outcome.status()).isEqualTo(503);
        assertThat(outcome.text()).contains("does not answer at the moment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "PS256", "EdDSA"})
    void newKeysAreTakenOver(String algorithm) throws Exception {
        try (OidcNodeProvider rotating = new OidcNodeProvider(tls, BACK, "RS256", true)) {
            browser = new TestBrowser(login(config(rotating.issuer())));
            String first = browser.get("").redirect();
            assertThat(browser.open(rotating.signIn(first, "ann")).identity()).isEqualTo(ANN);
            rotating.rotate(algorithm);
            String second = browser.get("").redirect();
            assertThat(browser.open(rotating.signIn(second, "ann")).identity()).isEqualTo(ANN);
        }
    }

    @Test
    void anErrorThatNobodyAskedForIsNotShown() throws Exception {
        browser.get("");
        Outcome outcome =
                browser.get("/callback?error=access_denied&error_description=Call+0900&state=x");
        assertThat(outcome.text()).doesNotContain("0900").contains("Begin again");
    }

    @Test
    void asksTheProviderOnlyWhenSomebodySignsIn() throws Exception {
        ProviderLogin login = login(config(URI.create("https://localhost:1")));
        assertThat(login.name()).isEqualTo("corp");
        assertThat(login.title()).isEqualTo("Corp");
        assertThat(
                        catchThrowableOfType(
                                        ProviderException.class,
                                        () ->
                                                new OidcProvider(
                                                                config(
                                                                        URI.create(
                                                                                "https://localhost:1")),
                                                                InstantSource.system())
                                                        .authorization(
                                                                Flow.begin("corp"),
                                                                URI.create(BACK)))
                                .fault())
                .isEqualTo(ProviderException.Fault.UNAVAILABLE);
    }
}
