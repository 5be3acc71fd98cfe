package dev.culvert.connector.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.engine.StreamRouter;
import dev.culvert.connector.link.Connector;
import dev.culvert.connector.link.EdgeSource;
import dev.culvert.connector.link.LinkSettings;
import dev.culvert.connector.link.Protocol;
import dev.culvert.connector.link.ProtocolChoice;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ConnectorMetricsTest {
    private final SideTarget origin = new SideTarget();
    private final StreamRouter router = new StreamRouter((host, path) -> origin, 100);

    private Side ask(EventLoop loop) throws Exception {
        Side user = new Side(loop);
        StreamRequest request =
                new StreamRequest(StreamKind.HTTP, "GET", "a.test", "/", new HeaderList(), true);
        loop.submit(() -> user.meet(router.open(request, user, loop))).sync();
        return user;
    }

    @Test
    void countsStreamsUnderCloudflaredsNames() throws Exception {
        try (EventLoops loops = new EventLoops("metrics", 1);
                Connector connector =
                        new Connector(
                                new LinkSettings(
                                        EdgeSource.of(List.of()),
                                        TlsContexts.client(List.of(new TestCertificates("a").ca())),
                                        new TunnelCredentials(
                                                "tag", new byte[32], UUID.randomUUID(), null),
                                        4,
                                        UUID.randomUUID(),
                                        "test",
                                        Duration.ofSeconds(1),
                                        ProtocolChoice.only(Protocol.HTTP2),
                                        null),
                                loops,
                                router)) {
            EventLoop loop = loops.next();
            Side answered = ask(loop);
            origin.next().respond(204, HeaderList.of(), true);
            answered.awaitEnd();
            Side refused = ask(loop);
            origin.next()
                    .respond(
                            StreamResponse.failed(
                                    new OriginFailure(OriginFailure.Code.REFUSED, "nobody")),
                            true);
            refused.awaitEnd();
            Side reset = ask(loop);
            origin.next().sendReset(StreamFault.internal("gone"));
            reset.awaitFault();
            Side open = ask(loop);
            origin.next().respond(200, HeaderList.of(), false);
            open.awaitResponse();

            ConnectorMetrics metrics =
                    new ConnectorMetrics("culvert/\"1\"", connector, router.counts(), () -> 7);
            assertThat(metrics.text().lines())
                    .contains(
                            "# TYPE cloudflared_tunnel_total_requests counter",
                            "cloudflared_tunnel_total_requests 4.0",
                            "cloudflared_tunnel_concurrent_requests_per_tunnel 1.0",
                            "cloudflared_tunnel_max_concurrent_requests_per_tunnel{connection_id=\"all\"} 1.0",
                            "cloudflared_tunnel_request_errors 2.0",
                            "cloudflared_tunnel_response_by_code{status_code=\"200\"} 1.0",
                            "cloudflared_tunnel_response_by_code{status_code=\"204\"} 1.0",
                            "cloudflared_tunnel_ha_connections 0.0",
                            "cloudflared_tcp_total_sessions 0.0",
                            "cloudflared_orchestration_config_version 7.0")
                    .anyMatch(line -> line.contains("version=\"culvert/\\\"1\\\"\""))
                    .noneMatch(line -> line.contains("status_code=\"502\""));
        }
    }
}
