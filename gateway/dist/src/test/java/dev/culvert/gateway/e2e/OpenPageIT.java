package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Pages of applications in Chromium that hold streams open: what they lose when access is taken away, and
/// what they never get.
@Timeout(300)
final class OpenPageIT {
    private static final String PASSWORD = "seven lamps under the bridge";
    private static final String RULES =
            """
            applications:
              - name: wiki
                domains: [wiki.it.localhost]
                contact: ask-ann@example.com
                policies:
                  - {name: some, decision: allow, include: [{email: dora@example.com}, %s]}
              - name: books
                domains: [books.it.localhost]
                policies:
                  - {name: dora, decision: allow, include: [{email: dora@example.com}]}
            """;
    private static final String ANN = "{email: ann@example.com}";
    private static final String BOB = "{email: bob@example.com}";
    private static final String CARL = "{email: carl@example.com}";

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        Path config =
                Scratch.write(
                        programs.directory().resolve("edge.yml"), "auth_host: auth.it.localhost\n");
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        browser = Browser.trusting(programs, edge.authority());
        String token = edge.createTunnel("lan");
        edge.publish("wiki.it.localhost", "lan");
        edge.publish("books.it.localhost", "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - service: hello_world
                """);
        apply(ANN, BOB, CARL);
        for (String name : new String[] {"ann", "bob", "carl", "dora"}) {
            edge.invite(name + "@example.com", name, PASSWORD);
        }
    }

    private static void apply(String... people) throws Exception {
        Path file =
                Scratch.write(
                        programs.freshDirectory("rules").resolve("rules.yml"),
                        RULES.formatted(String.join(", ", people)));
        edge.gateway("policy", "apply", file).expectExit(0);
    }

    private static Map<String, String> person(String name) {
        return Map.of("email", name + "@example.com", "password", PASSWORD);
    }

    private static String events(String query) throws Exception {
        return AdminApi.of(edge.state).ask("GET", "audit?after=0&wait=25&" + query, "");
    }

    private static Instant newest(String query) throws Exception {
        return Instant.parse(
                AdminApi.value(
                        "at", AdminApi.of(edge.state).ask("GET", "audit?limit=1&" + query, "")));
    }

    /// When the newest change of this kind was made, in milliseconds: it is in the log before it is made. All streams
    /// of the person it is about are cut within a second of it.
    private static String taken(String change, String email) throws Exception {
        Instant made = newest("outcome=" + change);
        String cut = "kind=stream&outcome=cut&actor=" + email;
        // The three of the flow, and the application's own.
        Waiting.until(
                "streams are cut",
                () ->
                        AdminApi.of(edge.state)
                                        .ask("GET", "audit?" + cut, "")
                                        .split("\"cut\"")
                                        .length
                                > 4);
        assertThat(Duration.between(made, newest(cut))).isBetween(Duration.ZERO, Waiting.SECOND);
        return Long.toString(made.toEpochMilli());
    }

    private static String endSession(String email) throws Exception {
        String living = edge.gateway("session", "list", "--of", email, "-o", "json").output();
        edge.gateway("session", "end", AdminApi.value("id", living)).expectExit(0);
        return taken("session_end", email);
    }

    private static String disable(String email) throws Exception {
        edge.gateway("user", "disable", email).expectExit(0);
        return taken("user_disable", email);
    }

    private static String keepOut(String email) throws Exception {
        apply(ANN, BOB);
        return taken("rules_apply", email);
    }

    private static String whoWasDenied(String request) throws Exception {
        return AdminApi.value("actor", events("outcome=denied&text=" + request));
    }

    @Test
    void aPageLosesItsStreamsWithinASecondAndIsToldWhy() throws Exception {
        browser.run(
                "losing-access.mjs",
                Map.of(
                        "application", edge.url("wiki.it.localhost", "/"),
                        "auth", edge.url("auth.it.localhost", ""),
                        "text", "Hello from",
                        "ann", person("ann"),
                        "bob", person("bob"),
                        "carl", person("carl"),
                        "dora", person("dora")),
                Map.of(
                        "end the session", OpenPageIT::endSession,
                        "disable", OpenPageIT::disable,
                        "keep out", OpenPageIT::keepOut,
                        "denied", OpenPageIT::whoWasDenied));
    }

    @Test
    void aPageOpensNoWebSocketOfAnotherApplication() throws Exception {
        browser.run(
                "foreign-page.mjs",
                Map.of(
                        "wiki", edge.url("wiki.it.localhost", "/uptime"),
                        "books", edge.url("books.it.localhost", "/uptime"),
                        "socket", edge.url("wiki.it.localhost", "/ws").replace("https:", "wss:"),
                        "dora", person("dora")));

        assertThat(events("outcome=denied&application=wiki&actor=dora@example.com"))
                .contains("foreign_origin", "\"path\":\"/ws\"");
    }
}
