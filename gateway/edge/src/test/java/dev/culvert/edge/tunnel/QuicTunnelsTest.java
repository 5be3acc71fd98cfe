package dev.culvert.edge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.culvert.edge.certificates.KeyMaterial;
import dev.culvert.edge.certificates.LocalAuthority;
import dev.culvert.edge.state.Directory;
import dev.culvert.edge.state.KnownTunnel;
import dev.culvert.protocols.quic.ConnectRequest;
import dev.culvert.protocols.quic.ConnectResponse;
import dev.culvert.protocols.quic.Preamble;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.quic.QuicLimits;
import dev.culvert.transport.quic.QuicListener;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.handler.codec.quic.QuicSslContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// The tunnel listener's QUIC half against a connector made of bytes. Id, secret and account are those of
/// the recordings, see `vectors/README.md`.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class QuicTunnelsTest {
    private static final UUID TUNNEL = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final byte[] SECRET =
            HexFormat.of()
                    .parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final String ACCOUNT = "acct-tag-test";

    @TempDir Path temp;
    private final EventLoops loops = new EventLoops("quic-tunnels", 2);
    private final Listeners listeners = new Listeners(loops);
    private final TunnelRegistry registry = new TunnelRegistry();
    private final List<ScriptedQuicConnector> connectors = new ArrayList<>();
    private final Queue<ILoggingEvent> logged = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    logged.add(event);
                }
            };
    private volatile Directory directory = KnownTunnel.directory(TUNNEL, SECRET);
    private LocalAuthority authority;
    private InetSocketAddress address;

    @BeforeEach
    void listen() throws Exception {
        appender.start();
        root().addAppender(appender);
        authority = LocalAuthority.open(temp, List.of());
        listen(Duration.ofSeconds(9));
        logged.clear();
    }

    private void listen(Duration registerWithin) throws Exception {
        KeyMaterial key = authority.tunnelListener();
        QuicSslContext tls = TlsContexts.quicServer(key.key(), key.chainArray());
        TunnelSettings settings =
                new TunnelSettings(
                        ACCOUNT,
                        "tst01",
                        Duration.ofSeconds(9),
                        registerWithin,
                        LinkLimits.TUNNEL,
                        QuicLimits.TUNNEL);
        address =
                listeners.listen(
                        "the tunnel listener",
                        new InetSocketAddress("127.0.0.1", 0),
                        new QuicListener(
                                loops,
                                settings.quicLimits(),
                                () -> tls,
                                new QuicTunnels(() -> directory, settings, registry)));
    }

    @AfterEach
    void close() {
        connectors.forEach(ScriptedQuicConnector::close);
        Eventually.until("no connection left", () -> registry.size() == 0);
        listeners.close();
        loops.close();
        root().detachAppender(appender);
        assertThat(logged).filteredOn(e -> e.getLevel().isGreaterOrEqual(Level.WARN)).isEmpty();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private ScriptedQuicConnector connect() throws Exception {
        ScriptedQuicConnector connector =
                new ScriptedQuicConnector(loops, address, authority.certificateFile());
        connectors.add(connector);
        return connector;
    }

    private static RegisterConnection call(UUID connector, int index) {
        return ScriptedConnector.call(ACCOUNT, SECRET, TUNNEL, connector, index);
    }

    private ScriptedQuicConnector registered(UUID connector, int index) throws Exception {
        ScriptedQuicConnector made = connect().register(call(connector, index));
        assertThat(made.details).as(made.toString()).isNotNull();
        return made;
    }

    private void awaitConnections(int count) {
        Eventually.until(
                () -> count + " connections, not " + registry.size(),
                () -> registry.size() == count);
    }

    private TunnelConnection only() {
        assertThat(registry.connections()).hasSize(1);
        return registry.connections().getFirst();
    }

    private static Side open(TunnelConnection over) {
        Side side = new Side(over.carrier().loop());
        StreamRequest request =
                new StreamRequest(
                        StreamKind.HTTP,
                        "GET",
                        "app.example",
                        "/path",
                        HeaderList.of("accept", "*/*"),
                        true);
        side.onLoop(() -> side.meet(over.carrier().open(request, side, over.carrier().loop())));
        return side;
    }

    private static byte[] recorded(String name) throws IOException {
        try (InputStream in =
                QuicTunnelsTest.class.getResourceAsStream("/vectors/quic-local/" + name)) {
            return in.readAllBytes();
        }
    }

    // ---- coming in

    @Test
    void theRecordedConnectorRegistersAndLeaves() throws Exception {
        ScriptedQuicConnector connector = connect().openControl();
        connector.control(recorded("00-c2e-bootstrap.bin"));
        connector.control(recorded("02-c2e-call-registerConnection.bin"));
        awaitConnections(1);
        assertThat(only().connectorId())
                .isEqualTo(UUID.fromString("2bc61f51-709d-4acc-891e-d09dc45131a7"));
        assertThat(only().index()).isZero();
        assertThat(only().version()).isEqualTo("peer");
        assertThat(only().carrier().protocol()).isEqualTo("quic");
        Eventually.until("answered", () -> connector.controlReceived().length > 100);
        for (String name :
                List.of(
                        "04-c2e-finish-q0.bin",
                        "05-c2e-finish-q1.bin",
                        "06-c2e-call-updateLocalConfiguration.bin",
                        "08-c2e-finish-q1.bin")) {
            connector.control(recorded(name));
        }
        Side side = open(only());
        connector.await(0);
        int before = connector.controlReceived().length;
        connector.control(recorded("09-c2e-call-unregisterConnection.bin"));
        awaitConnections(0);
        Eventually.until(
                "unregistration answered", () -> connector.controlReceived().length > before);
        assertThat(connector.isOpen()).as("a stream is still open").isTrue();
        connector
                .await(0)
                .send(new ConnectResponse("", HeaderList.of("HttpStatus", "200")).encode());
        assertThat(side.awaitFault().kind()).as("no preamble").isEqualTo(StreamFault.Kind.PROTOCOL);
        for (String name :
                List.of("11-c2e-finish-q1.bin", "12-c2e-release.bin", "13-c2e-abort.bin")) {
            connector.control(recorded(name));
        }
        connector.awaitClosed();
        assertThat(connector.closeCode).isZero();
        assertThat(logged)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(m ->
                        m.startsWith("Tunnel connection registered")
                                && m.contains("protocol=quic"));
    }

    @Test
    void theWholeRecordingAtOnceIsARegistrationAndItsEnd() throws Exception {
        ScriptedQuicConnector connector = connect().openControl();
        connector.control(recorded("control-c2e.bin"));
        connector.awaitClosed();
        assertThat(connector.closeCode).isZero();
        assertThat(registry.size()).isZero();
        assertThat(logged.toString()).contains("Tunnel connection registered");
    }

    @Test
    void aProbeThatShakesHandsAndLeavesIsNothingToSpeakOf() throws Exception {
        for (int i = 0; i < 3; i++) {
            connect().close();
        }
        registered(UUID.randomUUID(), 0);
        assertThat(logged).hasSize(1);
    }

    @Test
    void aRegistrationIsAnsweredWithAnIdAndTheLocation() throws Exception {
        ScriptedQuicConnector connector = registered(UUID.randomUUID(), 3);
        assertThat(connector.details.locationName()).isEqualTo("tst01");
        assertThat(only().id()).isEqualTo(connector.details.uuid());
        assertThat(only().index()).isEqualTo(3);
        assertThat(((InetSocketAddress) only().remote()).getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void requestsReachTheConnectorAsItKnowsThem() throws Exception {
        ScriptedQuicConnector connector = registered(UUID.randomUUID(), 0);
        Side side = open(only());
        ScriptedQuicConnector.Stream stream = connector.await(0);
        Eventually.until("FIN", () -> stream.ended);
        byte[] bytes = stream.received();
        assertThat(Arrays.copyOf(bytes, 8)).isEqualTo(Preamble.DATA.bytes());
        ConnectRequest request =
                ConnectRequest.decode(
                        ConnectRequest.framer().next(ByteBuffer.wrap(bytes, 8, bytes.length - 8)));
        assertThat(request)
                .isEqualTo(
                        new ConnectRequest(
                                ConnectRequest.Type.HTTP,
                                "https://app.example/path",
                                HeaderList.of(
                                        "HttpMethod",
                                        "GET",
                                        "HttpHost",
                                        "app.example",
                                        "HttpHeader:accept",
                                        "*/*")));
        stream.send(Preamble.DATA.bytes());
        stream.send(
                new ConnectResponse(
                                "",
                                HeaderList.of(
                                        "HttpStatus",
                                        "200",
                                        "HttpHeader:Connection",
                                        "keep-alive",
                                        "HttpHeader:Set-Cookie",
                                        "a=1",
                                        "HttpHeader:Set-Cookie",
                                        "b=2"))
                        .encode());
        stream.send("hello");
        stream.fin();
        side.awaitEnd();
        assertThat(side.text()).isEqualTo("hello");
        assertThat(side.awaitResponse().headers())
                .isEqualTo(HeaderList.of("set-cookie", "a=1", "set-cookie", "b=2"));
        Eventually.until("no load", () -> only().carrier().load() == 0);
    }

    // ---- refused

    @Test
    void aRefusalSaysWhyAndThenTheEdgeCloses() throws Exception {
        byte[] wrong = SECRET.clone();
        wrong[0] ^= 1;
        List<RegisterConnection> calls =
                List.of(
                        ScriptedConnector.call(ACCOUNT, wrong, TUNNEL, UUID.randomUUID(), 0),
                        ScriptedConnector.call(
                                ACCOUNT, SECRET, UUID.randomUUID(), UUID.randomUUID(), 0),
                        ScriptedConnector.call("other", SECRET, TUNNEL, UUID.randomUUID(), 0));
        for (RegisterConnection call : calls) {
            ScriptedQuicConnector connector = connect().register(call);
            assertThat(connector.error.cause()).startsWith("Unauthorized");
            assertThat(connector.error.shouldRetry()).isFalse();
        }
        for (ScriptedQuicConnector connector : connectors) {
            connector.awaitClosed();
            assertThat(connector.closeCode).isZero();
        }
        assertThat(registry.size()).isZero();
    }

    @Test
    void brokenMessagesOnTheControlStreamAreTheEnd() throws Exception {
        ScriptedQuicConnector connector = connect().openControl();
        byte[] broken = new byte[64];
        Arrays.fill(broken, (byte) 0xff);
        connector.control(broken);
        connector.awaitClosed();
    }

    @Test
    void whoNeverRegistersIsClosed() throws Exception {
        listen(Duration.ofMillis(400));
        ScriptedQuicConnector silent = connect();
        ScriptedQuicConnector begun = connect().openControl();
        begun.control(recorded("00-c2e-bootstrap.bin"));
        silent.awaitClosed();
        begun.awaitClosed();
    }

    // ---- in service

    @Test
    void theSameConnectorAndIndexReplacesItsOlderConnection() throws Exception {
        UUID connector = UUID.randomUUID();
        ScriptedQuicConnector older = registered(connector, 1);
        Side cut = open(only());
        older.await(0);
        ScriptedQuicConnector newer = registered(connector, 1);
        older.awaitClosed();
        assertThat(cut.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(only().id()).isEqualTo(newer.details.uuid());
        assertThat(newer.isOpen()).isTrue();
    }

    @Test
    void aControlStreamThatEndsOrIsResetTakesTheConnectionOut() throws Exception {
        ScriptedQuicConnector ends = registered(UUID.randomUUID(), 0);
        ScriptedQuicConnector reset = registered(UUID.randomUUID(), 0);
        ends.endControl();
        awaitConnections(1);
        reset.resetControl();
        awaitConnections(0);
        ends.awaitClosed();
        reset.awaitClosed();
    }

    @Test
    void theConnectorsGoodbyeResetsItsStreams() throws Exception {
        ScriptedQuicConnector connector = registered(UUID.randomUUID(), 0);
        Side side = open(only());
        connector.await(0);
        connector.close();
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        awaitConnections(0);
    }

    @Test
    void aConnectorThatVanishesIsGivenUpAfterItsIdleTime() throws Exception {
        ScriptedQuicConnector connector =
                new ScriptedQuicConnector(
                        loops, address, authority.certificateFile(), Duration.ofSeconds(2));
        connectors.add(connector);
        connector.register(call(UUID.randomUUID(), 0));
        Side side = open(only());
        connector.await(0);
        long start = System.nanoTime();
        connector.vanish();
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
        awaitConnections(0);
    }

    @Test
    void aTunnelThatIsDeletedClosesItsConnections() throws Exception {
        ScriptedQuicConnector connector = registered(UUID.randomUUID(), 0);
        directory = Directory.EMPTY;
        registry.apply(directory);
        connector.awaitClosed();
        awaitConnections(0);
    }

    @Test
    void closingTheListenerClosesItsConnections() throws Exception {
        ScriptedQuicConnector registered = registered(UUID.randomUUID(), 0);
        ScriptedQuicConnector open = connect().openControl();
        long start = System.nanoTime();
        listeners.close();
        registered.awaitClosed();
        open.awaitClosed();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        awaitConnections(0);
    }
}
