package dev.culvert.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.link.Connector;
import dev.culvert.connector.link.EdgeSource;
import dev.culvert.connector.link.LinkSettings;
import dev.culvert.connector.link.Protocol;
import dev.culvert.connector.link.ProtocolChoice;
import dev.culvert.connector.link.ScriptedEdge;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.SideTarget;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ConnectorStatusTest {
    private static final UUID ID = new UUID(1, 2);

    private static String get(InetSocketAddress address, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:" + address.getPort() + path))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body().strip();
        }
    }

    private static String ready(int status, int connections, boolean draining) {
        return status
                + " {\"status\":"
                + status
                + ",\"readyConnections\":"
                + connections
                + ",\"connectorId\":\""
                + ID
                + "\",\"wantedConnections\":1,\"draining\":"
                + draining
                + "}";
    }

    @Test
    void readyIsTrueWhileAConnectionIsRegistered() throws Exception {
        TestCertificates authority = new TestCertificates("edge-authority");
        try (EventLoops loops = new EventLoops("status", 1);
                ScriptedEdge edge = new ScriptedEdge(authority.leaf(LinkSettings.SERVER_NAME));
                Listeners listeners = new Listeners(loops);
                Connector connector =
                        new Connector(
                                new LinkSettings(
                                        EdgeSource.of(List.of(edge.address())),
                                        TlsContexts.client(List.of(authority.ca())),
                                        new TunnelCredentials(
                                                "tag", new byte[32], UUID.randomUUID(), null),
                                        1,
                                        ID,
                                        "test",
                                        Duration.ofSeconds(1),
                                        ProtocolChoice.only(Protocol.HTTP2),
                                        null),
                                loops,
                                new SideTarget())) {
            InetSocketAddress address =
                    listeners.serve(
                            "the status",
                            new InetSocketAddress("127.0.0.1", 0),
                            ConnectorProcess.status(() -> "", connector, ID));
            assertThat(get(address, "/ready")).isEqualTo(ready(503, 0, false));
            connector.start();
            Eventually.until("registered", () -> connector.registered() == 1);
            assertThat(get(address, "/ready")).isEqualTo(ready(200, 1, false));
            connector.close();
            assertThat(get(address, "/ready")).isEqualTo(ready(503, 0, true));
            assertThat(get(address, "/healthcheck")).isEqualTo("200 OK");
            assertThat(get(address, "/metrics")).startsWith("200");
            assertThat(get(address, "/other")).startsWith("404");
        }
    }
}
