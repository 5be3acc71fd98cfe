package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who comes in and who does not, and how soon a command changes that.
@Timeout(120)
final class RoutesIT {
    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Connector connector;
    private static Origin recorder;
    private static String ingress;

    @BeforeAll
    static void start() throws Exception {
        recorder =
                programs.closing(
                        new Origin(client -> {
                            client.getInputStream().read();
                            client.getOutputStream().write("HTTP/1.1 204 None\r\n\r\n".getBytes());
                            client.getInputStream().readAllBytes();
                        }));
        ServerSocket silent =
                programs.closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        fill(silent);
        ingress =
                """
                ingress:
                  - hostname: recorded.it.localhost
                    service: http://127.0.0.1:%d
                  - hostname: refused.it.localhost
                    service: http://127.0.0.1:%d
                  - hostname: silent.it.localhost
                    service: http://127.0.0.1:%d
                    originRequest: {connectTimeout: 300ms}
                  - service: hello_world
                """
                        .formatted(recorder.port(), Scratch.freePort(), silent.getLocalPort());
        edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("main");
        edge.createTunnel("idle");
        edge.publish("open.it.localhost", "main");
        edge.publish("refused.it.localhost", "main");
        edge.publish("silent.it.localhost", "main");
        edge.publish("down.it.localhost", "idle");
        connector = Connector.start(edge, token, ingress);
    }

    /// Fills the queue of a listener that accepts nobody: further connections get no answer.
    private static void fill(ServerSocket listener) throws Exception {
        for (int i = 0; i < 64; i++) {
            Socket waiting = programs.closing(new Socket());
            try {
                waiting.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), listener.getLocalPort()),
                        300);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new AssertionError("the listener's queue has no end");
    }

    private static void awaitStatus(String host, String wanted) throws Exception {
        Waiting.until(
                host + " answers " + wanted,
                Waiting.SECOND,
                () -> edge.status(host).equals(wanted));
    }

    @Test
    void theCommandsNeedNoRunningEdge() throws Exception {
        Path state = programs.directory().resolve("begun-by-create");
        String created =
                Edge.gateway(programs, state, "tunnel", "create", "home", "--edge", "e:7844")
                        .output();
        Edge.gateway(programs, state, "tunnel", "rotate", "home").output();
        Edge.gateway(programs, state, "route", "add", "a.it.localhost", "home", "--public")
                .output();
        String token = Edge.gateway(programs, state, "tunnel", "token", "home").output().strip();
        String tunnels = Edge.gateway(programs, state, "tunnel", "list").output();
        String routes = Edge.gateway(programs, state, "route", "list").output();

        assertThat(created)
                .contains("gateway connector run --edge e:7844 --cacert ca.pem --token ey")
                .doesNotContain(token);
        assertThat(tunnels).containsPattern("\\bhome\\b.* 1 +connector's\n");
        assertThat(routes).containsPattern("a\\.it\\.localhost +home +public");

        Edge.gateway(programs, state, "route", "remove", "a.it.localhost").output();
        Edge.gateway(programs, state, "tunnel", "delete", "home").output();
        assertThat(Edge.gateway(programs, state, "tunnel", "list").output()).doesNotContain("home");
    }

    @Test
    void theCommandsReachTheRunningEdge() throws Exception {
        String created = edge.gateway("tunnel", "create", "made", "-o", "json").output();
        edge.gateway("route", "add", "made.it.localhost", "made", "--public").output();

        assertThat(edge.gateway("tunnel", "token", "made").output().strip())
                .isEqualTo(AdminApi.value("token", created));
        assertThat(edge.gateway("tunnel", "list").output())
                .containsPattern("\\bmade\\b.* 1 +connector's\n");
        assertThat(edge.gateway("route", "list").output()).contains("made.it.localhost");
        awaitStatus("made.it.localhost", "503");

        Finished inUse = edge.gateway("tunnel", "delete", "made").expectExit(1);
        assertThat(inUse.stderr()).contains("gateway: error:", "gateway: hint:");
        edge.gateway("tunnel", "rotate", "made").output();
        edge.gateway("tunnel", "delete", "made", "--force").output();
        awaitStatus("made.it.localhost", "404");
    }

    @Test
    void aClosedRouteAnswers403AndNoByteReachesTheOriginUntilItIsPublic() throws Exception {
        String host = "recorded.it.localhost";
        Finished added = edge.gateway("route", "add", host, "main");

        assertThat(added.expectExit(0).stderr())
                .contains("gateway: warning:", "gateway: hint:", "--public");
        awaitStatus(host, "403");
        assertThat(edge.status(host, "--http1.1", "-X", "POST", "-d", "body")).isEqualTo("403");
        assertThat(edge.status(host, "-H", "Cf-Access-Jwt-Assertion: x")).isEqualTo("403");
        assertThat(programs.run(edge.access("tcp", host)).exit()).isEqualTo(4);
        assertThat(recorder.connections()).isZero();

        edge.gateway("route", "remove", host).output();
        awaitStatus(host, "404");
        edge.gateway("route", "add", host, "main", "--public").output();
        awaitStatus(host, "204");
        assertThat(recorder.connections()).isPositive();
    }

    @Test
    void aRemovedRouteEndsOnConnectionsThatAreOpen() throws Exception {
        edge.publish("removed.it.localhost", "main");
        try (KeepAlive client = KeepAlive.open(edge, "removed.it.localhost")) {
            assertThat(client.status("/uptime")).isEqualTo(200);
            AdminApi.of(edge.state).ask("DELETE", "routes/removed.it.localhost", "");

            Waiting.until(
                    "404 on the same connection",
                    Waiting.SECOND,
                    () -> client.status("/uptime") == 404);
        }
    }

    @Test
    void deletingATunnelCutsItsStreams() throws Exception {
        String token = edge.createTunnel("deleted");
        edge.publish("deleted.it.localhost", "deleted");
        Connector doomed = Connector.start(edge, token, ingress);
        Program stream = endlessStream("deleted.it.localhost");

        AdminApi.of(edge.state).ask("DELETE", "tunnels/deleted?force=true", "");

        Waiting.until("the stream is cut", Waiting.SECOND, () -> !stream.isAlive());
        awaitStatus("deleted.it.localhost", "404");
        doomed.program.await("lost");
        assertThat(doomed.own("/ready")).startsWith("503");
    }

    @Test
    void rotatingCutsConnectorsUntilTheyHaveTheNewToken() throws Exception {
        String token = edge.createTunnel("rotated");
        edge.publish("rotated.it.localhost", "rotated");
        Connector old = Connector.start(edge, token, ingress);
        Program stream = endlessStream("rotated.it.localhost");

        AdminApi.of(edge.state).ask("POST", "tunnels/rotated/rotate", "");

        Waiting.until("the stream is cut", Waiting.SECOND, () -> !stream.isAlive());
        awaitStatus("rotated.it.localhost", "503");
        old.program.await("refused the tunnel");
        String fresh =
                AdminApi.value(
                        "token", AdminApi.of(edge.state).ask("GET", "tunnels/rotated/token", ""));
        assertThat(fresh).isNotEqualTo(token);
        Connector.start(edge, fresh, ingress);
        awaitStatus("rotated.it.localhost", "200");
    }

    private static Program endlessStream(String host) throws Exception {
        Program stream = programs.start(edge.curl("-N", edge.url(host, "/sse?freq=100ms")));
        stream.await("^data:", Duration.ofSeconds(10));
        return stream;
    }

    @ParameterizedTest
    @CsvSource({
        "nobody.it.localhost,  404, unknown_host",
        "down.it.localhost,    503, tunnel_down",
        "refused.it.localhost, 502, origin_refused",
        "silent.it.localhost,  504, origin_timed_out"
    })
    void failuresHaveAnIdThatIsInTheLog(String host, int status, String code) throws Exception {
        String json = programs.run(edge.curl("-i", edge.url(host, "/"))).output();
        String page =
                programs.run(edge.curl("-i", "-H", "Accept: text/html,*/*", edge.url(host, "/")))
                        .output();

        assertThat(json).startsWith("HTTP/2 " + status).contains("application/json");
        assertThat(AdminApi.value("code", json)).isEqualTo(code);
        assertThat(AdminApi.value("message", json)).isNotEmpty();
        assertThat(AdminApi.value("next", json)).isNotEmpty();
        assertThat(page)
                .startsWith("HTTP/2 " + status)
                .contains("text/html", "<h1>", "<dd>" + code + "</dd>");
        for (String answer : new String[] {json, page}) {
            Matcher id = Pattern.compile("x-request-id: (\\w+)").matcher(answer);
            assertThat(id.find()).isTrue();
            assertThat(answer.substring(answer.indexOf("\r\n\r\n"))).contains(id.group(1));
            edge.program.await("code=" + code + " status=" + status + ".* id=" + id.group(1));
        }
        assertThat(connector.program.isAlive()).isTrue();
    }
}
