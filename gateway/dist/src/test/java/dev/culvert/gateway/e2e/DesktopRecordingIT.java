package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.testkit.hosts.Guacd;
import dev.culvert.plugin.testkit.hosts.RdpHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A recorded desktop: through guacd in Chromium, replayed by an administrator, checked by the command; and what is
/// left of one whose edge is killed.
@Timeout(420)
final class DesktopRecordingIT {
    private static final String PASSWORD = "nine kites over the harbour";
    private static final String HOST = "office.record.it.localhost";
    private static final int DRAWN_BYTES = 100_000;
    private static final int TORN = 10;
    private static final int ALTERED = 12;

    private static final String CONFIG =
            """
            auth_host: auth.record.it.localhost
            guacd: {address: 127.0.0.1:%d}
            access:
              applications:
                - name: office
                  domains: [%s]
                  kind: rdp
                  browser: true
                  policies: [{name: ann, decision: allow, include: [{email: ann@example.com}]}]
                  desktop: {engine: guacd, security: tls, recording: required, record_keys: true}
            """;

    @RegisterExtension static final Programs programs = new Programs();

    @Test
    void aDesktopIsRecordedReplayedAndChecked() throws Exception {
        try (Guacd guacd = Guacd.start();
                RdpHost host = RdpHost.xrdp()) {
            Path config =
                    Scratch.write(
                            programs.directory().resolve("edge.yml"),
                            CONFIG.formatted(guacd.port(), HOST));
            Edge edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
            String token = edge.createTunnel("lan");
            edge.publish(HOST, "lan");
            Connector.start(
                    edge,
                    token,
                    """
                    ingress:
                      - {hostname: %s, service: "rdp://127.0.0.1:%d"}
                      - service: http_status:404
                    """
                            .formatted(HOST, host.port()));
            edge.invite("ann@example.com", "Ann", PASSWORD);

            Browser.trusting(programs, edge.authority())
                    .run(
                            "desktop-recording.mjs",
                            given(edge),
                            Map.of(
                                    "is there",
                                    name -> Files.exists(host.home().resolve(name)) ? "yes" : "",
                                    "kill the edge once that is recorded",
                                    nothing -> killedWhileItRecords(edge)));
            assertChecked(edge);
        }
    }

    private static Map<String, Object> given(Edge edge) throws Exception {
        Map<String, Object> given = new HashMap<>();
        given.put("application", edge.url(HOST, "/"));
        given.put("auth", edge.url("auth.record.it.localhost", ""));
        given.put(
                "link",
                edge.program
                        .await("https://auth\\.record\\.it\\.localhost:\\S+/welcome\\?token=\\S+")
                        .group());
        given.put("ann", Map.of("email", "ann@example.com", "password", PASSWORD));
        given.put("root", Map.of("email", "root@example.com", "password", PASSWORD));
        given.put("user", RdpHost.USER);
        given.put("password", RdpHost.PASSWORD);
        given.put("file", "recorded-" + ProcessHandle.current().pid());
        return given;
    }

    private static String killedWhileItRecords(Edge edge) throws Exception {
        Path newest = recordings(edge.state.resolve("recordings")).getLast();
        long before = Files.size(newest);
        Waiting.until(
                "what is drawn now is recorded", () -> Files.size(newest) > before + DRAWN_BYTES);
        edge.program.kill();
        return "";
    }

    private static void assertChecked(Edge edge) throws Exception {
        List<Path> recordings = recordings(edge.state.resolve("recordings"));
        assertThat(recordings).hasSize(2);
        Path whole = recordings.getFirst();
        assertThat(verify(whole).output()).startsWith("complete: ").contains("ann@example.com, ");
        assertThat(verify(recordings.getLast()).expectExit(TORN).stdout())
                .startsWith("torn tail: good up to record ");
        assertThat(edge.gateway("recording", "list").output()).contains("rdp", "complete");
        assertThat(edge.gateway("audit", "--kind", "desktop").output()).contains("recorded");

        byte[] bytes = Files.readAllBytes(whole);
        bytes[bytes.length / 2] ^= 1;
        Files.write(whole, bytes);
        assertThat(verify(whole).expectExit(ALTERED).stdout())
                .containsPattern("^altered at record \\d+\n");
    }

    private static Finished verify(Path recording) throws Exception {
        return programs.run(Command.gateway("recording", "verify", recording));
    }

    /// The oldest first.
    private static List<Path> recordings(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".guac")).sorted().toList();
        }
    }
}
