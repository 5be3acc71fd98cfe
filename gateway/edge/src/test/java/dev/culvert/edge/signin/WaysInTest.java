package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.AccessConfig;
import dev.culvert.edge.CallerConfig;
import dev.culvert.edge.EdgeConfig;
import dev.culvert.edge.EdgeServer;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.signin.MailConfig.Security;
import dev.culvert.edge.testing.OidcNodeProvider;
import dev.culvert.edge.testing.SmtpSink;
import dev.culvert.edge.testing.TestTls;
import dev.culvert.transport.tls.TlsContexts;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole edge, whose auth host is `localhost`, with a mail server and a certified provider.
final class WaysInTest {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir Path temp;
    private SmtpSink sink;
    private OidcNodeProvider provider;
    private EdgeServer edge;
    private String origin;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        OidcNodeProvider.install();
        TestTls tls = new TestTls(Files.createDirectory(temp.resolve("provider")));
        sink = SmtpSink.plain();
        provider = new OidcNodeProvider(tls, "https://localhost/", "ES256", false);
        edge =
                EdgeServer.start(
                        new EdgeConfig(
                                        temp.resolve("state"),
                                        null,
                                        ANY,
                                        ANY,
                                        false,
                                        ANY,
                                        List.of(),
                                        List.of(),
                                        "test",
                                        Duration.ofSeconds(1),
                                        100)
                                .withAccess(access(tls)));
        origin = "https://localhost:" + edge.publicAddress().getPort();
        provider.change(Map.of("redirect", origin + "/cdn-cgi/access/signin/corp/callback"));
        client = browser();
    }

    private AccessConfig access(TestTls tls) {
        MailConfig mail =
                new MailConfig(
                        "localhost", sink.port(), Security.NONE, "a@b.test", null, null, List.of());
        OidcConfig corp =
                new OidcConfig(
                        "corp",
                        "Corp",
                        provider.issuer(),
                        new ProviderConfig.Client(
                                "public", null, OidcConfig.DEFAULT_SCOPES, tls.roots()),
                        OidcConfig.DEFAULT_GROUPS_CLAIM,
                        List.of(),
                        true);
        IdentityConfig identity =
                new IdentityConfig(
                        false,
                        IdentityConfig.DEFAULT_SESSION,
                        new PinConfig(Set.of("example.com"), Set.of()),
                        mail,
                        List.of(corp));
        return new AccessConfig(
                "localhost",
                null,
                identity,
                CallerConfig.NONE,
                AccessConfig.DEFAULT_AUDIT_KEPT,
                RecordingsConfig.DEFAULT,
                null,
                null,
                null);
    }

    private HttpClient browser() throws Exception {
        return HttpClient.newBuilder()
                .sslContext(Trust.context(TlsContexts.roots(edge.authority().certificateFile())))
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        if (edge != null) {
            edge.close();
        }
        if (provider != null) {
            provider.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private HttpResponse<String> get(String url) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(origin).resolve(url))
                        .header("Accept", "text/html"));
    }

    private HttpResponse<String> post(String path, String from, Map<String, String> fields)
            throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create(origin).resolve(path))
                        .header("Origin", from)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        fields.entrySet().stream()
                                                .map(e ->
                                                        e.getKey()
                                                                + "="
                                                                + URLEncoder.encode(
                                                                        e.getValue(),
                                                                        StandardCharsets.UTF_8))
                                                .collect(Collectors.joining("&")))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("none: " + answer.body());
    }

    private static String csrf(HttpResponse<String> page) {
        Matcher matcher = CSRF.matcher(page.body());
        assertThat(matcher.find()).as(page.body()).isTrue();
        return matcher.group(1);
    }

    private HttpResponse<String> signInPage() throws Exception {
        HttpResponse<String> answer = get("/");
        for (int i = 0; i < 3 && answer.statusCode() != 200; i++) {
            answer = get(location(answer));
        }
        assertThat(answer.body()).contains("Send the code").contains("Continue with");
        return answer;
    }

    @Test
    void aCodeByMailSignsIn() throws Exception {
        String csrf = csrf(signInPage());
        HttpResponse<String> asked =
                post(
                        "/cdn-cgi/access/signin/pin",
                        origin,
                        Map.of("csrf", csrf, "email", "ann@example.com"));
        String codePage = location(asked);
        assertThat(get(codePage).body()).contains("ann@example.com");
        HttpResponse<String> typed =
                post(codePage, origin, Map.of("csrf", csrf, "code", sink.next().code()));
        assertThat(typed.statusCode()).as(typed.body()).isIn(200, 302, 303);
        assertThat(get("/").body()).contains("ann@example.com");
    }

    @Test
    void noCodeIsSentForAFormOfAnotherSite() throws Exception {
        String csrf = csrf(signInPage());
        Map<String, String> fields = Map.of("csrf", csrf, "email", "ann@example.com");
        assertThat(
                        post("/cdn-cgi/access/signin/pin", "https://evil.example.com", fields)
                                .statusCode())
                .isEqualTo(403);
        assertThat(
                        post(
                                        "/cdn-cgi/access/signin/pin",
                                        origin,
                                        Map.of("email", "ann@example.com"))
                                .statusCode())
                .isEqualTo(403);
        post("/cdn-cgi/access/signin/pin", origin, fields);
        sink.next();
        assertThat(sink.isEmpty()).isTrue();
    }

    @Test
    void aProviderSignsIn() throws Exception {
        signInPage();
        String there = location(get("/cdn-cgi/access/signin/corp"));
        String back = provider.signIn(there, "ann");
        assertThat(back).startsWith(origin + "/cdn-cgi/access/signin/corp/callback?");
        HttpResponse<String> home = get(back);
        assertThat(home.statusCode()).as(home.body()).isIn(302, 303);
        assertThat(get("/").body()).contains("Ann Example");
    }

    @Test
    void anAnswerTakenToAnotherBrowserSignsNobodyIn() throws Exception {
        signInPage();
        String back = provider.signIn(location(get("/cdn-cgi/access/signin/corp")), "ann");
        client = browser();
        HttpResponse<String> taken = get(back);
        assertThat(taken.statusCode()).isEqualTo(403);
        assertThat(taken.body()).contains("no sign-in that this browser began");
        signInPage();
    }
}
