package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.testing.OidcNodeProvider;
import dev.culvert.edge.testing.SmtpSink;
import dev.culvert.edge.testing.TestTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// People in Chromium, and programs, at the shipped edge with an application behind sign-in: each way in. In the end
/// nothing that was typed, mailed, linked or handed out is found in what the edge wrote down.
@Timeout(300)
final class SignInIT {
    private static final String APPLICATION = "wiki.localhost";
    private static final String OTHERS = "books.localhost";
    private static final String AUTH = "auth.localhost";
    private static final String PASSWORD = "seven lamps under the bridge";
    private static final Pattern FIRST_LINK =
            Pattern.compile("https://auth\\.localhost:\\S+/welcome\\?token=\\S+");
    private static final Pattern SERVICE_TOKEN =
            Pattern.compile("(?s)(CF-Access-Client-Id: \\S+).*?(CF-Access-Client-Secret: (\\S+))");

    @RegisterExtension static final Programs programs = new Programs();

    private static SmtpSink mails;
    private static Edge edge;
    private static Browser browser;
    private static Secrets secrets;

    @BeforeAll
    static void start() throws Exception {
        OidcNodeProvider.install();
        mails = programs.closing(SmtpSink.plain());
        TestTls tls = new TestTls(programs.freshDirectory("provider"));
        OidcNodeProvider provider =
                programs.closing(new OidcNodeProvider(tls, "https://localhost/", "ES256", false));
        Path config =
                Scratch.write(
                        programs.directory().resolve("edge.yml"),
                        """
                        auth_host: %s
                        identity:
                          pin: {allowed: [example.com]}
                          mail: {server: "127.0.0.1:%d", from: edge@example.com, tls: none}
                          providers:
                            - {name: corp, type: oidc, title: Corp, issuer: "%s", client_id: public, ca_file: "%s"}
                        access:
                          applications:
                            - name: wiki
                              domains: [%s]
                              contact: ask-carl@example.com
                              policies:
                                - name: people
                                  decision: allow
                                  include: [{email: ann@example.com}, {email: bert@example.com}, {email: dora@example.com}]
                                - {name: machines, decision: service_auth, include: [{service_token: ci}]}
                            - name: books
                              domains: [%s]
                              contact: ask-carl@example.com
                              policies:
                                - {name: carl, decision: allow, include: [{email: carl@example.com}]}
                        """
                                .formatted(
                                        AUTH,
                                        mails.port(),
                                        provider.issuer(),
                                        tls.rootFile(),
                                        APPLICATION,
                                        OTHERS));
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        provider.change(Map.of("redirect", edge.url(AUTH, "/cdn-cgi/access/signin/corp/callback")));
        browser = Browser.trusting(programs, edge.authority(), tls.rootFile());
        secrets = browser.secrets();
        String token = edge.createTunnel("lan");
        edge.publish(APPLICATION, "lan");
        edge.publish(OTHERS, "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - service: hello_world
                """);
    }

    private static String mail(String address) throws Exception {
        SmtpSink.Taken mail = mails.next();
        assertThat(mail.to()).isEqualTo(address);
        return mail.code();
    }

    private static String event(String query) throws Exception {
        return AdminApi.of(edge.state).ask("GET", "audit?after=0&wait=25&" + query, "");
    }

    private static String noMail(String address) throws Exception {
        assertThat(event("outcome=failed&actor=" + address)).contains("no code is sent");
        assertThat(mails.isEmpty()).isTrue();
        return "none";
    }

    private static String whoWasDenied(String request) throws Exception {
        return AdminApi.value("actor", event("outcome=denied&text=" + request));
    }

    private static String link(String command, String email) throws Exception {
        return AdminApi.value("link", edge.gateway("user", command, email, "-o", "json").output());
    }

    @Test
    void theFirstAdminMakesAnAccountAndOpensAnApplicationInEachWay() throws Exception {
        String link = edge.program.await(FIRST_LINK.pattern()).group();
        browser.run(
                "sign-in.mjs",
                Map.of(
                        "link", link,
                        "auth", edge.url(AUTH, ""),
                        "application", edge.url(APPLICATION, "/"),
                        "others", edge.url(OTHERS, "/"),
                        "text", "Hello from"));

        assertThat(secrets.kinds())
                .contains("password", "code", "token", "csrf", "cookie", "recovery code");
    }

    @Test
    void aCodeByMailSignsInAndPoliciesDecide() throws Exception {
        browser.run(
                "pin.mjs",
                Map.of("application", edge.url(APPLICATION, "/"), "text", "Hello from"),
                Map.of(
                        "mail", SignInIT::mail,
                        "no mail", SignInIT::noMail,
                        "denied", SignInIT::whoWasDenied));
    }

    @Test
    void aProviderSignsInAndLeadsBackToTheVeryPage() throws Exception {
        browser.run(
                "provider.mjs",
                Map.of(
                        "page", edge.url(APPLICATION, "/uptime?of=this%20page&and=1"),
                        "auth", edge.url(AUTH, ""),
                        "text", "uptime"));
    }

    @Test
    void linksLetPeopleChooseTheirPassword() throws Exception {
        browser.run(
                "links.mjs",
                Map.of("application", edge.url(APPLICATION, "/"), "text", "Hello from"),
                Map.of(
                        "invite", email -> link("invite", email),
                        "reset", email -> link("reset", email)));
    }

    @Test
    void aServiceTokenOpensTheApplication() throws Exception {
        Matcher made =
                SERVICE_TOKEN.matcher(edge.gateway("service-token", "create", "ci").output());
        assertThat(made.find()).isTrue();
        secrets.add("service token", made.group(3));

        assertThat(edge.status(APPLICATION, "-H", made.group(1), "-H", made.group(2)))
                .isEqualTo("200");
    }

    @Test
    void aCommandLineGetsItsTokens() throws Exception {
        edge.invite("dora@example.com", "Dora", PASSWORD);
        secrets.add("password", PASSWORD);
        Path tokens = programs.freshDirectory("tokens").resolve("access");
        Program login =
                programs.start(
                        Command.access("login", edge.url(APPLICATION, "/"))
                                .with("CULVERT_ACCESS_HOME", tokens)
                                .with("CULVERT_CACERT", edge.authority())
                                .with(
                                        "CULVERT_JAVA_OPTS",
                                        "-Dculvert.access.terminal=/dev/no-terminal"));
        Matcher link = login.await("^ +(https://\\S+/cdn-cgi/access/cli\\?\\S+)");
        Person person =
                new Person(edge)
                        .open(link.group(1))
                        .send("email=dora@example.com", "password=" + PASSWORD)
                        .send("decision=confirm");
        login.finish().expectExit(0);

        person.cookies().forEach(cookie -> secrets.add("cookie", cookie));
        try (var files = Files.list(tokens)) {
            for (Path file : files.filter(each -> each.toString().endsWith("-token")).toList()) {
                secrets.add("token", Files.readString(file).strip());
            }
        }
    }

    @Test
    void aBrowserThatDoesNotTrustTheAuthorityOpensNothing() throws Exception {
        Browser.trustingNone(programs).run("distrust.mjs", Map.of("url", edge.url(AUTH, "/")));
    }

    @AfterAll
    static void nothingSecretWasWrittenDown() throws Exception {
        String audit = AdminApi.of(edge.state).ask("GET", "audit/export", "");
        secrets.expectNoneIn("the audit table", audit);
        secrets.expectNoneIn("audit.jsonl", Files.readString(edge.state.resolve("audit.jsonl")));
        secrets.expectNoneIn("standard output", edge.program.stdout());
        // The log is where the first administrator finds the link.
        secrets.expectNoneIn("the log", FIRST_LINK.matcher(edge.program.stderr()).replaceFirst(""));
        assertThat(edge.program.stderr()).doesNotContainPattern("path=\"[^\"]*\\?");
        secrets.expectNoneBelow(edge.state);
    }
}
