package dev.culvert.edge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.culvert.edge.EdgeConfig;
import dev.culvert.edge.EdgeServer;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

/// A real edge against a connector made of bytes.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class TunnelSessionTest {
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    @TempDir Path temp;
    private final List<ScriptedConnector> connectors = new ArrayList<>();
    private final Queue<ILoggingEvent> logged = new ConcurrentLinkedQueue<>();
    private final UUID connectorId = UUID.randomUUID();
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    logged.add(event);
                }
            };
    private EdgeServer edge;
    private TunnelCredentials home;

    @BeforeEach
    void start() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        appender.start();
        root.addAppender(appender);
        edge =
                EdgeServer.start(
                        new EdgeConfig(
                                temp.resolve("state"),
                                null,
                                ANY,
                                ANY,
                                true,
                                ANY,
                                List.of("example.com"),
                                List.of(),
                                "test-edge",
                                Duration.ofSeconds(20),
                                100));
        edge.state().createTunnel("home");
        home = TunnelToken.parse(edge.state().token("home"));
        logged.clear();
    }

    @AfterEach
    void stop() throws Exception {
        for (ScriptedConnector connector : connectors) {
            connector.close();
        }
        edge.close();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
                .detachAppender(appender);
    }

    private ScriptedConnector connect() throws Exception {
        ScriptedConnector connector =
                new ScriptedConnector(edge.tunnelAddress(), edge.authority().certificateFile());
        connectors.add(connector);
        return connector;
    }

    private RegisterConnection call(UUID connector, int index) {
        return ScriptedConnector.call(
                home.accountTag(), home.secret(), home.tunnelId(), connector, index);
    }

    private ScriptedConnector registered(UUID connector, int index) throws Exception {
        ScriptedConnector made = connect().register(call(connector, index));
        assertThat(made.details).as(made.toString()).isNotNull();
        return made;
    }

    private void awaitConnections(int count) {
        Eventually.until(
                () -> count + " connections, not " + edge.tunnels().size(),
                () -> edge.tunnels().size() == count);
    }

    private Side open(TunnelConnection over, boolean end) {
        Side side = new Side(over.carrier().loop());
        StreamRequest request =
                new StreamRequest(
                        StreamKind.HTTP,
                        end ? "GET" : "POST",
                        "a.example.com",
                        "/",
                        new HeaderList(),
                        end);
        side.onLoop(() -> side.meet(over.carrier().open(request, side, over.carrier().loop())));
        return side;
    }

    private TunnelConnection only() {
        assertThat(edge.tunnels().connections()).hasSize(1);
        return edge.tunnels().connections().getFirst();
    }

    private void assertNothingLoggedAbove(Level level) {
        assertThat(logged).allMatch(event -> !event.getLevel().isGreaterOrEqual(level));
    }

    private static byte[] recorded(String name) throws IOException {
        try (InputStream in = TunnelSessionTest.class.getResourceAsStream("/vectors/" + name)) {
            return in.readAllBytes();
        }
    }

    // ---- coming in

    @Test
    void aProbeThatShakesHandsAndLeavesIsNothingToSpeakOf() throws Exception {
        connect().close();
        connect().fin();
        connect().rst();
        registered(connectorId, 0);
        assertThat(logged).hasSize(1);
        assertThat(logged.peek().getFormattedMessage()).startsWith("Tunnel connection registered");
    }

    @Test
    void aRegistrationIsAnsweredWithAnIdAndTheLocation() throws Exception {
        ScriptedConnector connector = registered(connectorId, 2);
        assertThat(connector.details.locationName()).isEqualTo("test-edge");
        assertThat(only().id()).isEqualTo(connector.details.uuid());
        assertThat(only().index()).isEqualTo(2);
        assertThat(only().connectorId()).isEqualTo(connectorId);
        assertThat(only().tunnelId()).isEqualTo(home.tunnelId());
        assertThat(logged.toString()).doesNotContain(edge.state().token("home"));
    }

    @Test
    void aConnectorIsToldThatItsRulesComeFromHereAndGetsThem() throws Exception {
        assertThat(registered(connectorId, 0).details.remotelyManaged()).isFalse();
        edge.state().configureTunnel("home", "{\"ingress\":[]}");

        ScriptedConnector connector = registered(connectorId, 1);

        assertThat(connector.details.remotelyManaged()).isTrue();
        connector.readUntil(() -> connector.streams.size() == 2);
    }

    @Test
    void takesFourConnectionsOfEachOfTwoConnectors() throws Exception {
        UUID other = UUID.randomUUID();
        for (int i = 0; i < 4; i++) {
            registered(connectorId, i);
            registered(other, i);
        }
        assertThat(edge.tunnels().size()).isEqualTo(8);
        connectors.forEach(connector -> assertThat(connector.eof).isFalse());
        assertNothingLoggedAbove(Level.WARN);
    }

    // ---- refused

    private void assertRefused(ScriptedConnector connector) throws IOException {
        assertThat(connector.details).isNull();
        assertThat(connector.error).as(connector.toString()).isNotNull();
        assertThat(connector.error.cause()).startsWith("Unauthorized");
        assertThat(connector.error.shouldRetry()).isFalse();
        assertThat(connector.readToEnd()).isLessThan(8000);
        awaitConnections(0);
    }

    @Test
    void refusesAWrongSecretAnUnknownTunnelAndAnotherAccount() throws Exception {
        byte[] wrong = home.secret().clone();
        wrong[31] ^= 1;
        String tag = home.accountTag();
        List<RegisterConnection> calls =
                List.of(
                        ScriptedConnector.call(tag, wrong, home.tunnelId(), connectorId, 0),
                        ScriptedConnector.call(tag, new byte[0], home.tunnelId(), connectorId, 0),
                        ScriptedConnector.call(
                                tag, home.secret(), UUID.randomUUID(), connectorId, 0),
                        ScriptedConnector.call(
                                "x" + tag, home.secret(), home.tunnelId(), connectorId, 0),
                        ScriptedConnector.call("", home.secret(), home.tunnelId(), connectorId, 0));
        for (RegisterConnection call : calls) {
            assertRefused(connect().register(call));
        }
        assertNothingLoggedAbove(Level.WARN);
    }

    @Test
    void refusesTheRecordedCallOfAnUnknownTunnelAndCloses() throws Exception {
        ScriptedConnector connector = connect().openControl();
        connector.control(recorded("http2-local/control-c2e.bin"));
        assertThat(connector.readToEnd()).isLessThan(8000);
        assertThat(connector.controlBytes).isPositive();
        assertThat(edge.tunnels().size()).isZero();
        assertThat(logged)
                .anyMatch(e -> e.getFormattedMessage().contains("reason=\"no such tunnel\""));
        assertNothingLoggedAbove(Level.WARN);
    }

    @Test
    void aSecondCallOnOneConversationIsAnError() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        byte[][] call = new byte[1][];
        new dev.culvert.protocols.registration.RegistrationClient(
                        bytes -> call[0] = call[0] == null ? bytes : call[0], connector)
                .register(call(connectorId, 1));
        // Bootstrap is question 0 and the call question 1 again: both numbers are finished.
        connector.control(call[0]);
        int before = connector.controlBytes;
        connector.readUntil(() -> connector.controlBytes > before);
        assertThat(edge.tunnels().size()).isEqualTo(1);
        assertThat(only().index()).isZero();
    }

    @Test
    void somethingElseThanAConnectorIsClosed() throws Exception {
        ScriptedConnector connector = connect().greet();
        connector.answer(ScriptedConnector.CONTROL, true);
        assertThat(connector.readToEnd()).isLessThan(8000);
        assertNothingLoggedAbove(Level.WARN);
    }

    @Test
    void brokenMessagesOnTheControlStreamAreTheEnd() throws Exception {
        ScriptedConnector connector = connect().openControl();
        byte[] broken = new byte[64];
        java.util.Arrays.fill(broken, (byte) 0xff);
        connector.control(broken);
        assertThat(connector.readToEnd()).isLessThan(8000);
        assertNothingLoggedAbove(Level.WARN);
    }

    @Test
    void garbageIsClosedWithoutAWordInTheLog() throws Exception {
        ScriptedConnector connector = connect();
        connector.write(
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20).getBytes(StandardCharsets.US_ASCII));
        assertThat(connector.readToEnd()).isLessThan(8000);
        try (Socket plain = new Socket("127.0.0.1", edge.tunnelAddress().getPort())) {
            plain.setSoTimeout(30_000);
            plain.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            plain.getInputStream().readAllBytes();
        } catch (java.net.SocketException e) {
            // A reset is an end, too.
        }
        assertThat(logged).isEmpty();
    }

    // ---- in service

    @Test
    void theSameConnectorAndIndexReplacesItsOlderConnection() throws Exception {
        ScriptedConnector older = registered(connectorId, 1);
        ScriptedConnector newer = registered(connectorId, 1);
        assertThat(older.readToEnd()).isLessThan(8000);
        awaitConnections(1);
        assertThat(only().id()).isEqualTo(newer.details.uuid());
        Side side = open(only(), true);
        newer.readUntil(() -> newer.streams.size() == 2);
        newer.answer(newer.streams.getLast(), true);
        assertThat(side.awaitResponse().status()).isEqualTo(200);
    }

    @Test
    void acknowledgesALocalConfiguration() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        connector.pushConfiguration("{\"config\":{}}");
        connector.readUntil(() -> connector.configurationAccepted);
        assertThat(edge.tunnels().size()).isEqualTo(1);
        assertThat(edge.tunnels().local().get(only().id())).isEqualTo("{\"config\":{}}");
    }

    @Test
    void afterUnregisteringOpenStreamsFinishAndThenTheEdgeCloses() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        TunnelConnection connection = only();
        Side side = open(connection, true);
        connector.readUntil(() -> connector.streams.size() == 2);
        int stream = connector.streams.getLast();

        connector.unregister();
        connector.readUntil(() -> connector.unregistered);
        awaitConnections(0);
        assertThat(open(connection, true).awaitFault().kind()).isEqualTo(StreamFault.Kind.REFUSED);
        connector.endControl();
        connector.reset(ScriptedConnector.CONTROL, 0);
        connector.answer(stream, false);
        connector.send(stream, "slow", true);
        side.awaitEnd();
        assertThat(side.text()).isEqualTo("slow");
        assertThat(side.faults()).isEmpty();
        assertThat(connector.readToEnd()).isLessThan(8000);
        assertThat(connector.streams).hasSize(2);
    }

    @Test
    void aControlStreamThatEndsTakesTheConnectionOut() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        connector.endControl();
        awaitConnections(0);
        assertThat(connector.readToEnd()).isLessThan(8000);
        assertThat(connector.controlEnded).isTrue();
    }

    @Test
    void aControlStreamThatIsResetTakesTheConnectionOut() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        connector.reset(ScriptedConnector.CONTROL, 8);
        awaitConnections(0);
        assertThat(connector.readToEnd()).isLessThan(8000);
    }

    @Test
    void deletingTheTunnelClosesItsConnections() throws Exception {
        edge.state().createTunnel("other");
        TunnelCredentials other = TunnelToken.parse(edge.state().token("other"));
        ScriptedConnector stays =
                connect()
                        .register(
                                ScriptedConnector.call(
                                        other.accountTag(),
                                        other.secret(),
                                        other.tunnelId(),
                                        connectorId,
                                        0));
        ScriptedConnector goes = registered(connectorId, 0);
        Side side = open(connectionOf(goes), true);
        goes.readUntil(() -> goes.streams.size() == 2);
        edge.state().deleteTunnel("home", false);
        assertThat(goes.readToEnd()).isLessThan(8000);
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        awaitConnections(1);
        assertThat(only().id()).isEqualTo(stays.details.uuid());
        assertUnauthorized(connect().register(call(connectorId, 0)));
    }

    private TunnelConnection connectionOf(ScriptedConnector connector) {
        return edge.tunnels().connections().stream()
                .filter(c -> c.id().equals(connector.details.uuid()))
                .findFirst()
                .orElseThrow();
    }

    private static void assertUnauthorized(ScriptedConnector connector) {
        assertThat(connector.error).isNotNull();
        assertThat(connector.error.cause()).startsWith("Unauthorized");
    }

    @Test
    void aNewSecretClosesWhatRegisteredWithTheOldOne() throws Exception {
        ScriptedConnector old = registered(connectorId, 0);
        edge.state().rotateTunnel("home");
        assertThat(old.readToEnd()).isLessThan(8000);
        awaitConnections(0);
        assertUnauthorized(connect().register(call(connectorId, 0)));
        home = TunnelToken.parse(edge.state().token("home"));
        registered(connectorId, 0);
    }

    // ---- gone

    @Test
    void theConnectorsFinResetsItsStreams() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        Side waiting = open(only(), true);
        Side uploading = open(only(), false);
        connector.readUntil(() -> connector.streams.size() == 3);
        connector.fin();
        assertThat(waiting.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(uploading.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        awaitConnections(0);
    }

    @Test
    void theConnectorsRstResetsItsStreams() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        Side side = open(only(), true);
        connector.readUntil(() -> connector.streams.size() == 2);
        connector.answer(connector.streams.getLast(), false);
        side.awaitResponse();
        connector.rst();
        assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(side.ended()).isFalse();
        awaitConnections(0);
        assertNothingLoggedAbove(Level.WARN);
    }

    @Test
    void closingTheEdgeClosesItsTunnels() throws Exception {
        ScriptedConnector connector = registered(connectorId, 0);
        ScriptedConnector unregistered = connect().greet();
        edge.close();
        assertThat(connector.readToEnd()).isLessThan(8000);
        assertThat(unregistered.readToEnd()).isLessThan(8000);
    }
}
