package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Processes that end, by force or in order, and what the others do then.
@Timeout(120)
final class RecoveryIT {
    private static final String HOST = "web.it.localhost";

    @RegisterExtension static final Programs programs = new Programs();

    private Nginx nginx;
    private Edge edge;
    private String token;
    private String ingress;

    @BeforeEach
    void start() throws Exception {
        nginx = new Nginx(programs);
        ingress = "ingress: [{service: \"http://127.0.0.1:%d\"}]\n".formatted(nginx.port);
        edge = Edge.start(programs, programs.freshDirectory("state"));
        token = edge.createTunnel("web");
        edge.publish(HOST, "web");
    }

    private static void awaitOwn(Connector connector, String path, String wanted) throws Exception {
        Waiting.until(
                path + " says " + wanted,
                () -> Pattern.compile(wanted).matcher(connector.own(path)).find());
    }

    private void awaitEdgeMetric(String wanted) throws Exception {
        Waiting.until(
                "metric " + wanted, () -> edge.own("/metrics").contains("\n" + wanted + "\n"));
    }

    /// A download of 4 MB at 1 MB a second, once it has begun.
    private Program download(Path to) throws Exception {
        Scratch.randomFile(nginx.root.resolve("four"), 4);
        Program curl = programs.start(edge.curl("-o", to, "-D", "-", edge.url(HOST, "/slow/four")));
        curl.await("^HTTP/2 200", Duration.ofSeconds(10));
        return curl;
    }

    @Test
    void afterTheEdgeWasKilledEverythingIsBackByItself() throws Exception {
        Connector connector = Connector.start(edge, token, ingress);
        assertThat(connector.own("/ready")).startsWith("200 ").contains("\"readyConnections\":");
        awaitOwn(connector, "/metrics", "cloudflared_tunnel_ha_connections 4.0");
        awaitEdgeMetric("culvert_tunnel_connections 4.0");
        String routes = edge.gateway("route", "list").output();
        String tunnels = edge.gateway("tunnel", "list").output();

        edge.program.kill();

        awaitOwn(connector, "/ready", "^503 .*\"readyConnections\":0");
        assertThat(connector.own("/healthz")).startsWith("200 ");
        assertThat(connector.own("/metrics")).contains("cloudflared_tunnel_ha_connections 0.0");
        edge = edge.startAgain();
        awaitOwn(connector, "/ready", "^200 ");
        assertThat(edge.status(HOST)).isEqualTo("200");
        assertThat(edge.gateway("route", "list").output()).isEqualTo(routes);
        assertThat(edge.gateway("tunnel", "list").output()).isEqualTo(tunnels);
    }

    @Test
    void killingOneOfTwoConnectorsUnderLoadFailsAtMostWhatItCarried() throws Exception {
        Connector first = Connector.start(edge, token, ingress);
        Connector second = Connector.start(edge, token, ingress);
        Program load =
                programs.start(
                        Command.shell(
                                "while :; do curl -s -o /dev/null -w '%{http_code}\\n' --max-time 10"
                                        + " --cacert "
                                        + edge.authority()
                                        + " "
                                        + edge.url(HOST, "/")
                                        + "; done"));
        load.await("(200\\n){10}");

        first.program.kill();

        int before = load.stdout().length();
        Waiting.until("20 more answers", () -> load.stdout().length() >= before + 80);
        load.kill();
        String after = load.stdout().substring(before);
        // One at a time: at most the one under way is lost.
        assertThat(after.lines().filter(status -> !status.equals("200")).count())
                .as(after)
                .isLessThanOrEqualTo(1);
        assertThat(second.own("/ready")).startsWith("200 ");
    }

    @Test
    void aConnectorAskedToEndFinishesTheDownloadFirst() throws Exception {
        Connector connector = Connector.start(edge, token, ingress);
        Path got = programs.directory().resolve("drained-connector");
        Program curl = download(got);

        connector.program.signal("TERM");

        connector.program.await("Draining connections=\\d+ streams=1");
        assertThat(connector.own("/ready")).startsWith("503 ");
        assertThat(connector.own("/healthz")).startsWith("200 ");
        // New requests find no connection any more.
        Waiting.until("503", Waiting.SECOND, () -> edge.status(HOST).equals("503"));
        curl.finish().expectExit(0);
        assertThat(Scratch.sha256(got)).isEqualTo(Scratch.sha256(nginx.root.resolve("four")));
        assertThat(connector.program.finish(Duration.ofSeconds(25)).exit()).isEqualTo(143);
        awaitEdgeMetric("culvert_tunnel_connections 0.0");
        assertThat(edge.own("/ready")).startsWith("200 ");
    }

    @Test
    void anEdgeAskedToEndFinishesTheDownloadFirst() throws Exception {
        Connector connector = Connector.start(edge, token, ingress);
        Path got = programs.directory().resolve("drained-edge");
        assertThat(edge.own("/ready")).startsWith("200 ");
        assertThat(edge.own("/healthz")).startsWith("200 ");
        Program curl = download(got);
        awaitEdgeMetric("culvert_streams 1.0");

        edge.program.signal("TERM");

        edge.program.await("Draining streams=1");
        assertThat(edge.own("/ready")).startsWith("503 ");
        assertThat(edge.own("/healthz")).startsWith("200 ");
        assertThat(Scratch.accepts(edge.publicPort)).as("takes new users").isFalse();
        curl.finish().expectExit(0);
        assertThat(Scratch.sha256(got)).isEqualTo(Scratch.sha256(nginx.root.resolve("four")));
        assertThat(edge.program.finish(Duration.ofSeconds(25)).exit()).isEqualTo(143);
        assertThat(edge.state.resolve("admin.json")).doesNotExist();
        awaitOwn(connector, "/ready", "^503 ");
    }

    @Test
    void anEdgeWhoseStreamsDoNotEndCutsThemWhenTheGracePeriodIsOver() throws Exception {
        Edge hasty =
                Edge.start(programs, programs.freshDirectory("state"), "--grace-period", "300ms");
        String other = hasty.createTunnel("web");
        hasty.publish(HOST, "web");
        Connector.start(hasty, other, "ingress: [{service: hello_world}]\n");
        Program endless = programs.start(hasty.curl("-N", hasty.url(HOST, "/sse?freq=100ms")));
        endless.await("^data:");

        hasty.program.signal("TERM");

        assertThat(hasty.program.finish(Duration.ofSeconds(25)).stderr())
                .contains("Grace period is over streamsCut=1");
        assertThat(endless.finish().exit()).isNotZero();
    }
}
