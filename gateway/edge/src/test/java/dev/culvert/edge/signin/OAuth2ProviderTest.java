package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.culvert.edge.signin.OAuth2Config.Endpoints;
import dev.culvert.edge.signin.OAuth2Config.Fields;
import dev.culvert.edge.signin.ProviderConfig.Client;
import dev.culvert.edge.signin.TestBrowser.Outcome;
import dev.culvert.edge.signin.TestHttps.Answer;
import dev.culvert.edge.testing.TestTls;
import dev.culvert.edge.web.Form;
import dev.culvert.policy.Identity;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server that answers as GitHub documents, and checks what it is asked.
final class OAuth2ProviderTest {
    @TempDir static Path temp;
    private static TestTls tls;

    private TestHttps server;
    private String emails =
            """
            [{"email": "old@example.com", "primary": false, "verified": true},
             {"email": "Ann@Example.com", "primary": true, "verified": true}]
            """;
    private TestBrowser browser;

    @BeforeAll
    static void makeAuthority() throws Exception {
        tls = new TestTls(temp);
    }

    @BeforeEach
    void start() throws Exception {
        server = new TestHttps(tls);
        server.at("/api/v3/user", asked -> bearer(asked, "{\"id\": 583231, \"name\": \"Ann\"}"));
        server.at("/api/v3/user/emails", asked -> bearer(asked, emails));
        server.at(
                "/api/v3/user/orgs",
                asked -> {
                    assertThat(asked.query().text("per_page")).isEqualTo("100");
                    int page = Integer.parseInt(asked.query().text("page"));
                    return bearer(
                            asked,
                            IntStream.range((page - 1) * 100, Math.min(page * 100, 130))
                                    .mapToObj(i -> "{\"login\": \"org" + i + "\"}")
                                    .collect(Collectors.joining(",", "[", "]")));
                });
        server.at(
                "/api/v3/user/teams",
                asked ->
                        bearer(
                                asked,
                                "[{\"slug\": \"ops\", \"organization\": {\"login\": \"org1\"}}]"));
        browser = github(true);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Answer bearer(TestHttps.Asked asked, String body) {
        return asked.header("Authorization").equals("Bearer gho_access")
                        && asked.header("User-agent").equals("culvert")
                ? Answer.json(body)
                : Answer.json(401, "{\"message\": \"Bad credentials\"}");
    }

    private TestBrowser github(boolean groups) throws Exception {
        return browser(Endpoints.github(URI.create(server.url("")), groups), Fields.USUAL, true);
    }

    private static TestBrowser browser(Endpoints endpoints, Fields fields, boolean verified)
            throws Exception {
        return new TestBrowser(
                ProviderLogin.of(
                        new OAuth2Config(
                                "github",
                                "GitHub",
                                new Client(
                                        "Iv1",
                                        new Secret("s3cret"),
                                        List.of("read:user", "user:email"),
                                        tls.roots()),
                                endpoints,
                                fields,
                                verified),
                        InstantSource.system()));
    }

    /// The whole way, with a token endpoint that holds the edge to what it said at first.
    private Outcome signIn() throws Exception {
        Form asked = Form.ofQuery(browser.get("").redirect());
        assertThat(asked.text("code_challenge_method")).isEqualTo("S256");
        String path = asked.text("redirect_uri");
        server.at(
                "/login/oauth/access_token",
                request -> {
                    Form form = request.body();
                    boolean proven =
                            CodeChallenge.compute(
                                            CodeChallengeMethod.S256,
                                            new CodeVerifier(form.text("code_verifier")))
                                    .getValue()
                                    .equals(asked.text("code_challenge"));
                    boolean right =
                            proven
                                    && request.method().equals("POST")
                                    && request.header("Accept").equals("application/json")
                                    && form.text("client_id").equals("Iv1")
                                    && form.text("client_secret").equals("s3cret")
                                    && form.text("code").equals("c0de")
                                    && form.text("redirect_uri").equals(path);
                    return Answer.json(
                            right
                                    ? "{\"access_token\":\"gho_access\",\"token_type\":\"bearer\",\"scope\":\"\"}"
                                    : "{\"error\":\"incorrect_client_credentials\"}");
                });
        return browser.get("/callback?code=c0de&state=" + asked.text("state"));
    }

    @Test
    void signsInWithThePrimaryVerifiedAddress() throws Exception {
        browser = github(false);
        assertThat(signIn().identity())
                .isEqualTo(
                        new Identity(
                                "github:583231",
                                "ann@example.com",
                                "Ann",
                                "github",
                                List.of(),
                                List.of(),
                                Map.of()));
        assertThat(server.asked).doesNotContain("/api/v3/user/orgs", "/api/v3/user/teams");
    }

    @Test
    void asksAtTheSiteWithTheScopes() throws Exception {
        String there = browser.get("").redirect();
        assertThat(there).startsWith(server.url("/login/oauth/authorize?"));
        Form asked = Form.ofQuery(there);
        assertThat(asked.text("scope")).isEqualTo("read:user user:email");
        assertThat(asked.text("response_type")).isEqualTo("code");
        assertThat(asked.text("redirect_uri")).isEqualTo(browser.url("/callback"));
    }

    @Test
    void organizationsAndTeamsOfAllPagesAreGroups() throws Exception {
        List<String> groups = signIn().identity().groups();
        assertThat(groups).hasSize(131).contains("org0", "org99", "org129", "org1/ops");
    }

    @Test
    void aListWithoutEndIsAnError() throws Exception {
        server.at(
                "/api/v3/user/teams",
                asked ->
                        Answer.json(
                                IntStream.range(0, 100)
                                        .mapToObj(i -> "{}")
                                        .collect(Collectors.joining(",", "[", "]"))));
        assertThat(signIn().status()).isEqualTo(502);
        assertThat(browser.failures).singleElement().asString().contains("1000 entries");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"email\": \"ann@example.com\", \"primary\": true, \"verified\": false}]",
                "[{\"email\": \"ann@example.com\", \"primary\": true}]",
                "[{\"email\": \"ann@example.com\", \"primary\": false, \"verified\": true}]",
                "[{\"email\": \"ann\", \"primary\": true, \"verified\": true}]",
                "[]"
            })
    void anAddressThatIsNotPrimaryAndVerifiedDoesNotCount(String listed) throws Exception {
        emails = listed;
        assertThat(signIn().status()).isEqualTo(403);
    }

    @Test
    void aRefusalWithStatus200IsOne() throws Exception {
        String state = Form.ofQuery(browser.get("").redirect()).text("state");
        server.at(
                "/login/oauth/access_token",
                asked ->
                        Answer.json(
                                "{\"error\":\"bad_verification_code\",\"error_description\":\"x\"}"));
        Outcome outcome = browser.get("/callback?code=c0de&state=" + state);
        assertThat(outcome.status()).isEqualTo(403);
        assertThat(outcome.text()).contains("used already, or took too long");
    }

    @Test
    void theStateOfAnotherBrowserIsRefused() throws Exception {
        browser.get("");
        TestBrowser other = github(false);
        String state = Form.ofQuery(other.get("").redirect()).text("state");
        assertThat(browser.get("/callback?code=c0de&state=" + state).status()).isEqualTo(403);
        assertThat(browser.get("/callback?code=c0de&state=").status()).isEqualTo(403);
        assertThat(browser.get("/callback?code=c0de").status()).isEqualTo(403);
        assertThat(server.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "<html>", "{\"id\": {}}", "{\"id\": \"\"}"})
    void aUserThatIsNoneIsRefused(String user) throws Exception {
        server.at("/api/v3/user", asked -> Answer.json(user));
        assertThat(signIn().status()).isEqualTo(502);
    }

    @Test
    void trouble() throws Exception {
        server.at("/api/v3/user", asked -> Answer.json(503, "{}"));
        assertThat(signIn().status()).isEqualTo(503);
        server.at("/api/v3/user", asked -> Answer.json(403, "{}"));
        assertThat(signIn().status()).isEqualTo(502);
        server.close();
        assertThat(signInAt("c0de").status()).isEqualTo(503);
    }

    private Outcome signInAt(String code) throws Exception {
        String state = Form.ofQuery(browser.get("").redirect()).text("state");
        return browser.get("/callback?code=" + code + "&state=" + state);
    }

    @Test
    void anotherProviderMayCallThingsOtherwise() throws Exception {
        Endpoints endpoints =
                new Endpoints(
                        URI.create(server.url("/login/oauth/authorize")),
                        URI.create(server.url("/login/oauth/access_token")),
                        URI.create(server.url("/me")),
                        null,
                        null,
                        null);
        Fields fields = new Fields("uid", "mail", "full", "confirmed", "teams");
        String user =
                """
                {"uid": "a7", "mail": "ann@example.com", "full": "Ann E", "confirmed": %s, "teams": ["x", "y"]}
                """;
        server.at("/me", asked -> bearer(asked, user.formatted("true")));
        browser = browser(endpoints, fields, true);
        assertThat(signIn().identity())
                .isEqualTo(
                        new Identity(
                                "github:a7",
                                "ann@example.com",
                                "Ann E",
                                "github",
                                List.of(),
                                List.of("x", "y"),
                                Map.of()));
        server.at("/me", asked -> bearer(asked, user.formatted("false")));
        assertThat(signIn().status()).isEqualTo(403);
        browser = browser(endpoints, new Fields("uid", "mail", "full", null, null), false);
        assertThat(signIn().identity().groups()).isEmpty();
    }
}
