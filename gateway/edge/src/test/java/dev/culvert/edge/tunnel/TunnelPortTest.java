package dev.culvert.edge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.EdgeConfig;
import dev.culvert.edge.EdgeServer;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.NoLeaks;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The one port of a whole edge, in TCP and UDP.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class TunnelPortTest {
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    @TempDir Path temp;

    private EdgeServer start(InetSocketAddress tunnel, boolean quic) throws Exception {
        return EdgeServer.start(
                new EdgeConfig(
                        temp.resolve("state"),
                        null,
                        ANY,
                        tunnel,
                        quic,
                        ANY,
                        List.of("example.com"),
                        List.of(),
                        "test-edge",
                        Duration.ofSeconds(1),
                        100));
    }

    private static boolean isUdpFree(int port) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", port))) {
            return socket.isBound();
        } catch (SocketException e) {
            return false;
        }
    }

    @Test
    void isTheSameInTcpAndUdp() throws Exception {
        EventLoops loops = new EventLoops("port", 1);
        try (EdgeServer edge = start(ANY, true)) {
            edge.state().createTunnel("home");
            TunnelCredentials home = TunnelToken.parse(edge.state().token("home"));
            InetSocketAddress address = edge.tunnelAddress();
            assertThat(isUdpFree(address.getPort())).isFalse();
            Path ca = edge.authority().certificateFile();
            UUID connector = UUID.randomUUID();
            try (ScriptedConnector tcp = new ScriptedConnector(address, ca);
                    ScriptedQuicConnector udp = new ScriptedQuicConnector(loops, address, ca)) {
                tcp.register(call(home, connector, 0));
                udp.register(call(home, connector, 1));
                assertThat(edge.tunnels().connections())
                        .extracting(c -> c.index() + " " + c.carrier().protocol())
                        .containsExactlyInAnyOrder("0 http2", "1 quic");
                edge.state().deleteTunnel("home", false);
                udp.awaitClosed();
                assertThat(tcp.readToEnd()).isLessThan(8000);
            }
        } finally {
            loops.close();
        }
    }

    private static dev.culvert.protocols.registration.RegisterConnection call(
            TunnelCredentials tunnel, UUID connector, int index) {
        return ScriptedConnector.call(
                tunnel.accountTag(), tunnel.secret(), tunnel.tunnelId(), connector, index);
    }

    @Test
    void isFreeInUdpWhenQuicIsSwitchedOff() throws Exception {
        try (EdgeServer edge = start(ANY, false)) {
            assertThat(isUdpFree(edge.tunnelAddress().getPort())).isTrue();
        }
    }

    @Test
    void isFreeAgainAfterTheEdgeHasClosed() throws Exception {
        int port;
        try (EdgeServer edge = start(ANY, true)) {
            port = edge.tunnelAddress().getPort();
        }
        assertThat(isUdpFree(port)).isTrue();
        try (EdgeServer again = start(new InetSocketAddress("127.0.0.1", port), true)) {
            assertThat(again.tunnelAddress().getPort()).isEqualTo(port);
        }
    }

    @Test
    void isAnErrorWhenUdpIsTaken() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(ANY)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> start(address, true).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("QUIC (UDP)")
                    .hasMessageContaining(":" + taken.getLocalPort());
            start(address, false).close();
        }
    }

    @Test
    void isAnErrorWhenTcpIsTakenAndLeavesUdpFree() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(ANY);
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> start(address, true).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("tunnel listener");
            assertThat(isUdpFree(taken.getLocalPort())).isTrue();
        }
    }
}
