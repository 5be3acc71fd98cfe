package dev.culvert.edge.signin;

import static dev.culvert.edge.admission.Gate.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.Gate;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.identity.Secrets;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.protocols.box.BoxKeyPair;
import dev.culvert.protocols.box.ConfirmationCode;
import dev.culvert.protocols.box.TokenTransfer;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The edge's part of a command line's sign-in.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class CliLoginTest {
    private static final String WIKI = "wiki.example.com";
    private static final String AUTH = "auth.example.com";
    private static final String COMMAND_LINE = "198.51.100.9";

    @TempDir Path temp;
    private final BoxKeyPair keys = BoxKeyPair.fresh(new SecureRandom());
    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        gate = new Gate(temp);
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The command line waits.
    private Side poll() {
        String path = "/transfer/" + keys.publicKey().text();
        return gate.send(get(AUTH, path, "User-Agent", "culvert-access/0.1 (lab-7)"), COMMAND_LINE);
    }

    /// The browser opens the link.
    ///
    /// @return path and query of the page at the auth host
    private String link() {
        String path =
                "/cdn-cgi/access/cli?aud=x&token="
                        + encoded(keys.publicKey().text())
                        + "&redirect_url="
                        + encoded("https://" + WIKI + "/?aud=x&token=y")
                        + "&send_org_token=true&edge_token_transfer=true";
        Side side = gate.ask(get(WIKI, path, "Accept", "text/html"));
        assertThat(side.awaitResponse().status()).isEqualTo(302);
        String location = side.awaitResponse().headers().first("location");
        assertThat(location).startsWith("https://" + AUTH + "/cdn-cgi/access/cli?");
        return location.substring(("https://" + AUTH).length());
    }

    private Side page(String path, String browser) {
        return gate.ask(get(AUTH, path, "Accept", "text/html", "Cookie", browser));
    }

    private Side decide(String path, String browser, String origin, String decision) {
        Matcher csrf =
                Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"")
                        .matcher(page(path, browser).text());
        assertThat(csrf.find()).isTrue();
        StreamRequest post =
                new StreamRequest(
                        StreamKind.HTTP,
                        "POST",
                        AUTH,
                        path,
                        HeaderList.of(
                                "Accept",
                                "text/html",
                                "Cookie",
                                browser,
                                "Origin",
                                origin,
                                "Content-Type",
                                "application/x-www-form-urlencoded"),
                        false);
        Side side = gate.send(post);
        side.send("csrf=" + encoded(csrf.group(1)) + "&decision=" + decision, true);
        side.awaitEnd();
        return side;
    }

    private Side confirm(String browser) {
        return decide(link(), browser, "https://" + AUTH, "confirm");
    }

    private TokenTransfer received(Side poll) throws Exception {
        poll.awaitEnd();
        assertThat(poll.awaitResponse().status()).isEqualTo(200);
        String key = poll.awaitResponse().headers().first(TokenTransfer.KEY_FIELD);
        return TokenTransfer.open(new TokenTransfer.Sealed(key, poll.text()), keys);
    }

    @Test
    void whatWasConfirmedReachesTheOwnerOfTheKey() throws Exception {
        Side poll = poll();
        assertThat(confirm(gate.browserOf("ann@example.com")).awaitResponse().status())
                .isEqualTo(200);
        TokenTransfer tokens = received(poll);
        Side user = gate.send(get(WIKI, "/", "Cf-Access-Token", tokens.appToken()));
        Side origin = gate.origin.next();
        assertThat(origin.request().path()).isEqualTo("/");
        origin.respond(204, HeaderList.of(), true);
        user.awaitEnd();
        gate.awaitAudited(AuditEvent.Kind.SIGN_IN, "signed_in");
        assertThat(gate.auditLines())
                .contains(COMMAND_LINE)
                .doesNotContain(tokens.appToken(), tokens.orgToken());
    }

    @Test
    void thePageShowsTheCodeAndWhoWaitsNotWhoOpensIt() throws Exception {
        Side poll = poll();
        String browser = gate.browserOf("ann@example.com");
        String path = link();
        assertThat(page(path, browser).text())
                .contains(ConfirmationCode.of(keys.publicKey()).text())
                .contains(COMMAND_LINE, "access 0.1 (lab-7)");
        decide(path, browser, "https://" + AUTH, "cancel");
        poll.awaitEnd();
    }

    @Test
    void aLinkThatNoCommandLineWaitsForSaysSo() throws Exception {
        assertThat(page(link(), gate.browserOf("ann@example.com")).text())
                .contains("does not wait yet");
    }

    @Test
    void whatWasRefusedEndsTheCommandLine() throws Exception {
        Side poll = poll();
        decide(link(), gate.browserOf("ann@example.com"), "https://" + AUTH, "cancel");
        poll.awaitEnd();
        assertThat(poll.awaitResponse().status()).isEqualTo(403);
        gate.awaitAudited(AuditEvent.Kind.SIGN_IN, "failed");
        assertThat(gate.sessions.living()).noneMatch(s -> s.kind() == Session.Kind.CLI);
    }

    @Test
    void aFormOfAnotherSiteConfirmsNothing() throws Exception {
        Side answer =
                decide(
                        link(),
                        gate.browserOf("ann@example.com"),
                        "https://evil.example",
                        "confirm");
        assertThat(answer.awaitResponse().status()).isEqualTo(403);
        assertThat(gate.sessions.living()).noneMatch(s -> s.kind() == Session.Kind.CLI);
    }

    @Test
    void whoMayNotOpenTheApplicationIsNotAsked() throws Exception {
        Side answer = page(link(), gate.browserOf("bob@example.com"));
        assertThat(answer.awaitResponse().status()).isEqualTo(403);
        assertThat(answer.text()).doesNotContain("name=\"decision\"");
    }

    @Test
    void theOrgTokenOpensAnotherApplicationAndNothingElse() throws Exception {
        Side poll = poll();
        confirm(gate.browserOf("ann@example.com"));
        TokenTransfer tokens = received(poll);
        // As a token of an application it is none.
        assertThat(
                        gate.ask(get(WIKI, "/", "Cf-Access-Token", tokens.orgToken()))
                                .awaitResponse()
                                .status())
                .isEqualTo(302);
        // Nor is that of an application a login.
        Side apps =
                gate.ask(
                        get(
                                AUTH,
                                "/cdn-cgi/access/apps",
                                "Cookie",
                                "CF_Authorization=" + tokens.appToken()));
        assertThat(apps.awaitResponse().status()).isEqualTo(401);
        assertThat(exchanged("ssh.example.com", tokens.orgToken()))
                .startsWith("CF_Authorization=ey");
    }

    private String orgTokenOf(String email) throws Exception {
        Session session =
                gate.sessions
                        .begin(
                                Session.Kind.CLI,
                                Gate.identity(email),
                                COMMAND_LINE,
                                "access",
                                Duration.ofHours(1))
                        .session();
        return gate.tokens.issue(
                AccessToken.Type.ORG, AUTH, session.id(), session.identity(), session.expiresAt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/cdn-cgi/access/account",
                "/cdn-cgi/access/account/sessions",
                "/cdn-cgi/access/admin",
                "/cdn-cgi/access/admin/users",
                "/cdn-cgi/access/cli?meta=x"
            })
    void anOrgTokenOpensNoPageThatIsForBrowsers(String path) throws Exception {
        String token = orgTokenOf("admin@example.com");
        for (String[] field :
                new String[][] {
                    {"Cookie", "CF_Authorization=" + token}, {"Cf-Access-Token", token}
                }) {
            Side side = gate.ask(get(AUTH, path, field));
            assertThat(side.awaitResponse().status()).isEqualTo(401);
            assertThat(side.text()).contains("\"code\":\"sign_in\"", "with a browser");
        }
        // The same is open to the same person's browser.
        assertThat(
                        gate.ask(get(AUTH, path, "Cookie", gate.browserOf("admin@example.com")))
                                .awaitResponse()
                                .status())
                .isNotEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/cdn-cgi/access/account/sessions/end-others",
                "/cdn-cgi/access/admin/users"
            })
    void anOrgTokenChangesNothing(String path) throws Exception {
        String token = orgTokenOf("admin@example.com");
        gate.browserOf("admin@example.com");
        Side side =
                gate.send(
                        new StreamRequest(
                                StreamKind.HTTP,
                                "POST",
                                AUTH,
                                path,
                                HeaderList.of(
                                        "Cf-Access-Token",
                                        token,
                                        "Origin",
                                        "https://" + AUTH,
                                        "X-Csrf",
                                        Secrets.hash("csrf " + token)),
                                false));
        side.send("", true);
        side.awaitEnd();
        assertThat(side.awaitResponse().status()).isEqualTo(401);
        assertThat(gate.sessions.livingOf("admin@example.com")).hasSize(2);
    }

    @Test
    void anOrgTokenListsTheApplicationsAndSignsOut() throws Exception {
        String token = orgTokenOf("ann@example.com");
        Side apps = gate.ask(get(AUTH, "/cdn-cgi/access/apps", "Cf-Access-Token", token));
        assertThat(apps.awaitResponse().status()).isEqualTo(200);
        assertThat(apps.text()).contains("\"name\":\"wiki\"");
        gate.ask(get(AUTH, "/cdn-cgi/access/logout", "Cf-Access-Token", token));
        assertThat(gate.sessions.living()).isEmpty();
    }

    /// A sibling host can set a cookie for the whole domain.
    @Test
    void anOrgTokenPlantedInABrowserSignsNobodyIn() throws Exception {
        String planted = "CF_Authorization=" + orgTokenOf("ann@example.com");
        HeaderList asked =
                gate.ask(get(WIKI, "/", "Accept", "text/html")).awaitResponse().headers();
        String login = asked.first("location").substring(("https://" + AUTH).length());
        Side side =
                gate.ask(
                        get(
                                AUTH,
                                login,
                                "Accept",
                                "text/html",
                                "Sec-Fetch-Site",
                                "same-site",
                                "Cookie",
                                planted));
        assertThat(side.awaitResponse().headers().first("location"))
                .isEqualTo("/cdn-cgi/access/signin");
    }

    /// @return the cookie that holds the token
    private String exchanged(String host, String orgToken) {
        HeaderList asked = gate.ask(Gate.request("HEAD", host, "/")).awaitResponse().headers();
        String browser = cookie(asked, "CF_AppSession");
        String login = asked.first("location").substring(("https://" + AUTH).length());
        String back =
                gate.ask(
                                Gate.request(
                                        "HEAD",
                                        AUTH,
                                        login,
                                        "Cookie",
                                        "CF_Authorization=" + orgToken))
                        .awaitResponse()
                        .headers()
                        .first("location");
        assertThat(back).startsWith("https://" + host + "/cdn-cgi/access/authorized?code=");
        return cookie(
                gate.ask(
                                Gate.request(
                                        "HEAD",
                                        host,
                                        back.substring(("https://" + host).length()),
                                        "Cookie",
                                        browser))
                        .awaitResponse()
                        .headers(),
                "CF_Authorization");
    }

    private static String cookie(HeaderList headers, String name) {
        return headers.all("set-cookie").stream()
                .filter(field -> field.startsWith(name + "="))
                .findFirst()
                .orElseThrow()
                .split(";")[0];
    }

    @Test
    void aLinkWithoutAKeyIsExplained() {
        Side side = gate.ask(get(WIKI, "/cdn-cgi/access/cli?token=short", "Accept", "text/html"));
        assertThat(side.awaitResponse().status()).isEqualTo(400);
        Side transfer = gate.ask(get(AUTH, "/transfer/short"));
        assertThat(transfer.awaitResponse().status()).isEqualTo(400);
    }

    @Test
    void cloudflaredsTransferHostIsOursUnderANameThatItTakes() {
        AuthAddress own = new AuthAddress("auth.example.com", () -> 443);
        assertThat(own.is("login.cloudflareaccess.org")).isFalse();
        AuthAddress taken = new AuthAddress("home.cloudflareaccess.com", () -> 443);
        assertThat(taken.is("home.cloudflareaccess.com")).isTrue();
        assertThat(taken.is("Login.cloudflareaccess.org")).isTrue();
        assertThat(taken.isForTransfers("home.cloudflareaccess.com")).isFalse();
        assertThat(taken.is("other.cloudflareaccess.org")).isFalse();
    }
}
