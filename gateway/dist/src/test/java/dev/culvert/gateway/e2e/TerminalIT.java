package dev.culvert.gateway.e2e;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The terminal in Chromium, through the shipped programs to a real OpenSSH server.
@Timeout(300)
final class TerminalIT {
    private static final String HOST = "build.it.localhost";
    private static final String PASSWORD = "seven lamps under the bridge";
    private static final String RULES =
            """
            applications:
              - name: build
                domains: [%s]
                kind: ssh
                browser: true
                policies:
                  - name: people
                    decision: allow
                    include: [{email: ann@example.com}, {email: %s}]
                    ssh: {principals: [root]}
            """;
    private static final int MEGABYTES = 2;

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Path config;
    private static TerminalHost host;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        config =
                Scratch.write(
                        programs.directory().resolve("edge.yml"), "auth_host: auth.it.localhost\n");
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        browser = Browser.trusting(programs, edge.authority());
        host = new TerminalHost(programs, edge.gateway("ssh", "ca").output());
        String token = edge.createTunnel("lan");
        edge.publish(HOST, "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - service: ssh://127.0.0.1:%d
                """
                        .formatted(host.port));
        letIn("bob@example.com");
        edge.invite("ann@example.com", "Ann", PASSWORD);
        edge.invite("bob@example.com", "Bob", PASSWORD);
    }

    private static void letIn(String other) throws Exception {
        Path file =
                Scratch.write(
                        programs.freshDirectory("rules").resolve("rules.yml"),
                        RULES.formatted(HOST, other));
        edge.gateway("policy", "apply", file).expectExit(0);
    }

    private static Map<String, Object> given(String person) throws Exception {
        return Map.of(
                "application",
                edge.url(HOST, "/"),
                "person",
                Map.of("email", person + "@example.com", "password", PASSWORD));
    }

    private static String restartEdge(String argument) throws Exception {
        edge.program.kill();
        edge = edge.startAgain("--config", config);
        return "";
    }

    private static String sha256(String file) throws Exception {
        return Scratch.sha256(programs.home().resolve(file));
    }

    private static String keepOut(String argument) throws Exception {
        letIn("nobody@example.com");
        return "";
    }

    @Test
    void thePageLooksAndActsRightInEachOfItsStates() throws Exception {
        browser.run("terminal-looks.mjs", given("ann"));
    }

    @Test
    void aPersonWorksOnAHost() throws Exception {
        Path file = Scratch.randomFile(programs.directory().resolve("upload.bin"), MEGABYTES);
        Map<String, Object> given = new java.util.HashMap<>(given("bob"));
        given.put("password", TerminalHost.PASSWORD);
        given.put("fingerprint", host.fingerprint());
        given.put("home", programs.home().toString());
        given.put("upload", file.toString());
        given.put("hash", Scratch.sha256(file));
        browser.run(
                "terminal.mjs",
                given,
                Map.of(
                        "hash of", TerminalIT::sha256,
                        "restart the edge", TerminalIT::restartEdge,
                        "keep out", TerminalIT::keepOut));
    }
}
