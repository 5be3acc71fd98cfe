package dev.culvert.edge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.certificates.KeyMaterial;
import dev.culvert.edge.certificates.LocalAuthority;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.quic.QuicLimits;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Connectors that stop at some point, with the tunnel listener's times made short.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class TunnelDeadlinesTest {
    @TempDir Path temp;
    private final TunnelRegistry registry = new TunnelRegistry();
    private final EventLoops loops = new EventLoops("deadlines", 1);
    private final Listeners listeners = new Listeners(loops);
    private StateDirectory directory;
    private State state;
    private LocalAuthority authority;
    private ScriptedConnector connector;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        state.createTunnel("home");
        authority = LocalAuthority.open(directory.path(), List.of());
    }

    @AfterEach
    void close() throws Exception {
        connector.close();
        listeners.close();
        loops.close();
        state.close();
        directory.close();
    }

    private void connect(Duration drain, Duration register, Duration ping) throws Exception {
        LinkLimits tunnel = LinkLimits.TUNNEL;
        LinkLimits limits =
                new LinkLimits(
                        tunnel.streamWindowBytes(),
                        tunnel.largestWindowBytes(),
                        tunnel.connectionWindowBytes(),
                        tunnel.maxStreams(),
                        tunnel.maxHeaderListBytes(),
                        tunnel.unacknowledgedBytes(),
                        ping,
                        ping);
        KeyMaterial key = authority.tunnelListener();
        SslContext tls = TlsContexts.tunnelServer(key.key(), key.chainArray());
        InetSocketAddress address =
                listeners.listen(
                        "the tunnel listener",
                        new InetSocketAddress("127.0.0.1", 0),
                        new TunnelListener(
                                () -> tls,
                                state::directory,
                                new TunnelSettings(
                                        state.accountTag(),
                                        "test",
                                        drain,
                                        register,
                                        limits,
                                        QuicLimits.TUNNEL),
                                registry));
        connector = new ScriptedConnector(address, authority.certificateFile());
    }

    private void register() throws Exception {
        TunnelCredentials home = TunnelToken.parse(state.token("home"));
        connector.register(
                ScriptedConnector.call(
                        home.accountTag(), home.secret(), home.tunnelId(), new UUID(0, 1), 0));
        assertThat(connector.details).isNotNull();
    }

    private Side openStream() {
        TunnelConnection only = registry.connections().getFirst();
        Side side = new Side(only.carrier().loop());
        StreamRequest request =
                new StreamRequest(
                        StreamKind.HTTP, "GET", "a.example.com", "/", new HeaderList(), true);
        side.onLoop(() -> side.meet(only.carrier().open(request, side, only.carrier().loop())));
        return side;
    }

    @Test
    void whoSaysNothingAfterTheHandshakeIsClosed() throws Exception {
        connect(Duration.ofSeconds(9), Duration.ofMillis(300), Duration.ofSeconds(9));
        assertThat(connector.readToEnd()).isLessThan(8000);
    }

    @Test
    void whoNeverRegistersIsClosed() throws Exception {
        connect(Duration.ofSeconds(9), Duration.ofMillis(500), Duration.ofSeconds(9));
        connector.openControl();
        assertThat(connector.readToEnd()).isLessThan(8000);
    }

    @Test
    void whoHasRegisteredIsNotClosedForBeingQuiet() throws Exception {
        connect(Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ofMillis(600));
        register();
        Side side = openStream();
        // Reads on, and so answers PINGs, past both deadlines.
        long until = System.nanoTime() + Duration.ofMillis(2500).toNanos();
        connector.readUntil(() -> System.nanoTime() > until);
        assertThat(registry.size()).isEqualTo(1);
        assertThat(side.faults()).isEmpty();
        connector.answer(connector.streams.getLast(), true);
        assertThat(side.awaitResponse().status()).isEqualTo(200);
    }

    @Test
    void whoAnswersNoPingIsClosed() throws Exception {
        connect(Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofMillis(200));
        register();
        Side side = openStream();
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        Eventually.until("no connection", () -> registry.size() == 0);
    }

    @Test
    void streamsOfAnUnregisteredConnectionAreCutWhenTheirTimeIsOver() throws Exception {
        connect(Duration.ofMillis(500), Duration.ofSeconds(9), Duration.ofSeconds(9));
        register();
        Side side = openStream();
        connector.readUntil(() -> connector.streams.size() == 2);
        connector.unregister();
        connector.readUntil(() -> connector.unregistered);
        assertThat(connector.readToEnd()).isLessThan(8000);
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(registry.size()).isZero();
    }
}
