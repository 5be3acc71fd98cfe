package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a connector tells whoever operates it, and how it ends.
@Timeout(120)
final class OperationIT {
    private static final String HOST = "web.op.localhost";

    @RegisterExtension static final Programs programs = new Programs();

    @Test
    void aConnectorTellsItsOperatorHowItIs() throws Exception {
        Edge edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("web");
        edge.publish(HOST, "web");
        Path log = programs.directory().resolve("connector.json");
        Path pid = programs.directory().resolve("connector.pid");
        Connector connector =
                Connector.start(
                        edge,
                        token,
                        "ingress: [{service: hello_world}]\n",
                        "--logfile",
                        log,
                        "--output",
                        "json",
                        "--pidfile",
                        pid,
                        "--post-quantum");
        connector.program.await(
                "\"message\":\"Prechecks done\",\"passed\":\\d+,\"warned\":0,\"failed\":0");

        assertThat(edge.status(HOST)).isEqualTo("200");
        assertThat(connector.own("/metrics"))
                .contains("cloudflared_tunnel_total_requests 1.0")
                .contains("cloudflared_tunnel_response_by_code{status_code=\"200\"} 1.0");
        assertThat(connector.own("/healthcheck")).isEqualTo("200 OK\n");
        assertThat(connector.own("/diag/tunnel"))
                .contains("\"isConnected\":true", "\"edgeAddress\":\"127.0.0.1:" + edge.tunnelPort);
        assertThat(connector.own("/diag/system")).contains("\"fileDescriptorMaximum\":");
        assertThat(connector.own("/diag/configuration"))
                .contains("\"post-quantum\":\"true\"")
                .doesNotContain(token);
        assertThat(Files.readString(log)).contains("\"message\":\"Registered tunnel connection\"");
        assertThat(Files.readString(pid)).isEqualTo(connector.program.pid() + "\n");

        String metrics = "127.0.0.1:" + connector.metricsPort();
        Finished ready = programs.run(Command.gateway("connector", "ready", "--metrics", metrics));
        assertThat(ready.exit()).isZero();
        assertThat(ready.stdout()).startsWith("{\"status\":200,\"readyConnections\":");

        Program endless = programs.start(edge.curl("-N", edge.url(HOST, "/sse?freq=100ms")));
        endless.await("^data:");
        connector.program.signal("TERM");
        connector.program.await("\"message\":\"Draining\"");
        Finished draining =
                programs.run(Command.gateway("connector", "ready", "--metrics", metrics));
        assertThat(draining.exit()).isEqualTo(1);
        assertThat(draining.stdout()).contains("\"draining\":true");
        connector.program.signal("TERM");
        assertThat(connector.program.finish(Duration.ofSeconds(20)).exit()).isEqualTo(143);
    }

    @Test
    void whatItCannotWriteIsSaidBeforeItStarts() throws Exception {
        Finished bad =
                programs.run(
                        Command.gateway(
                                "connector",
                                "run",
                                "--token",
                                "eyJhIjoiYSIsInMiOiJBQUFBIiwidCI6IjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMSJ9",
                                "--edge",
                                "127.0.0.1:1",
                                "--logfile",
                                "/nonexistent/connector.log"));
        assertThat(bad.exit()).isEqualTo(2);
        assertThat(bad.stderr()).contains("gateway: error: logfile: /nonexistent/connector.log");
    }
}
