package dev.culvert.connector.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.quic.QuicListener;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.RememberingTrust;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Which protocol a connector comes by, and what it does when that does not come through, with its times
/// made short.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class QuicConnectorTest {
    private static final TestCertificates AUTHORITY = new TestCertificates("edge-authority");
    private static final TestCertificates.Leaf TCP = AUTHORITY.leaf(LinkSettings.SERVER_NAME);
    private static final TestCertificates.Leaf UDP = AUTHORITY.leaf(LinkSettings.QUIC_SERVER_NAME);

    /// Where UDP does not come through, at first.
    private static final Duration SHORT = Duration.ofMillis(700);

    private static final Duration FIRST_TRY = Duration.ofMillis(200);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final EventLoops loops = new EventLoops("connector-test", 1);
    private final SideTarget streams = new SideTarget();
    private ProtocolChoice choice = ProtocolChoice.auto(FIRST_TRY);
    private Duration handshake = Duration.ofSeconds(20);
    private Duration grace = Duration.ofSeconds(60);

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        loops.close();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private ScriptedEdge edge() throws Exception {
        return opened(new ScriptedEdge(TCP));
    }

    private Connector connector(int connections, EdgeSource edges) throws Exception {
        RememberingTrust trust = new RememberingTrust(List.of(AUTHORITY.ca()));
        LinkSettings settings =
                new LinkSettings(
                        edges,
                        TlsContexts.client(List.of(AUTHORITY.ca())),
                        new TunnelCredentials("tag", new byte[32], UUID.randomUUID(), null),
                        connections,
                        new UUID(0, 7),
                        "test",
                        grace,
                        Duration.ofSeconds(15),
                        LinkSettings.SILENT_AFTER,
                        choice,
                        new LinkSettings.Quic(
                                TlsContexts.quicClient(trust, false),
                                ScriptedEdge.QUIC,
                                trust,
                                handshake));
        return opened(new Connector(settings, loops, streams));
    }

    private Connector connector(ScriptedEdge edge) throws Exception {
        return connector(1, EdgeSource.of(List.of(edge.address())));
    }

    private static void awaitRegistered(Connector connector, int count) {
        Eventually.until(
                () -> count + " registered, not " + connector.registered(),
                () -> connector.registered() == count);
    }

    private static void awaitProtocol(Connector connector, int index, String protocol) {
        Eventually.until(
                () -> protocol + ": " + connector.states().all(),
                () ->
                        connector.states().all().stream()
                                .anyMatch(s ->
                                        s.index() == index
                                                && s.connected()
                                                && s.protocol().equals(protocol)));
    }

    // ---- where UDP comes through

    @Test
    void comesByQuicFirst() throws Exception {
        ScriptedEdge edge = edge();
        edge.listenQuic(UDP);
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        assertThat(edge.await(0).protocol()).isEqualTo("quic");
        assertThat(edge.await(0).call.connIndex()).isZero();
        assertThat(edge.await(0).call.options().originLocalIp())
                .as("the socket is bound to no one address")
                .isEmpty();
        Side asked = edge.await(0).open();
        Side served = streams.next();
        served.respond(200, HeaderList.of("a", "b"), false);
        served.send("hello", true);
        asked.awaitEnd();
        assertThat(asked.text()).isEqualTo("hello");
        assertThat(edge.accepted).hasSize(1);
    }

    @Test
    void drainsOverQuicAsOverHttp2() throws Exception {
        ScriptedEdge edge = edge();
        edge.listenQuic(UDP);
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        Side asked = edge.await(0).open();
        Side served = streams.next();
        CompletableFuture<Void> drained = drain(connector);
        Eventually.until("unregistered", () -> edge.await(0).unregistered);
        served.respond(200, HeaderList.of(), false);
        served.send("last", true);
        asked.awaitEnd();
        assertThat(drained).isNotDone();
        edge.await(0).link.drain(Duration.ofSeconds(1));
        drained.get(30, TimeUnit.SECONDS);
        assertThat(asked.text()).isEqualTo("last");
    }

    private static CompletableFuture<Void> drain(Connector connector) {
        return CompletableFuture.runAsync(() -> {
            try {
                connector.drain(() -> 0);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aConnectionTheEdgeClosesIsDialledAgainOverQuic() throws Exception {
        ScriptedEdge edge = edge();
        edge.listenQuic(UDP);
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        edge.await(0).open();
        Side served = streams.next();
        edge.await(0).channel.close();
        served.awaitFault();
        edge.await(1).awaitDecided();
        awaitRegistered(connector, 1);
        assertThat(edge.await(1).protocol()).isEqualTo("quic");
    }

    // ---- refused, and not trusted

    @Test
    void aPermanentRefusalOverQuicIsHopeless() throws Exception {
        ScriptedEdge edge = edge();
        edge.listenQuic(UDP);
        edge.answer =
                call -> new ConnectionError("Unauthorized: no such tunnel", Duration.ZERO, false);
        Connector connector = connector(edge);
        connector.start();
        LinkProblem problem = connector.hopeless().get(30, TimeUnit.SECONDS);
        assertThat(problem.sentence()).contains("Unauthorized: no such tunnel");
        edge.await(0).awaitClosed();
        assertThat(edge.accepted).as("not tried over HTTP/2").hasSize(1);
    }

    @Test
    void aRefusalForNowIsTriedAgainOverQuic() throws Exception {
        ScriptedEdge edge = edge();
        edge.listenQuic(UDP);
        edge.answer =
                call -> {
                    edge.answer = ScriptedEdge.WELCOME;
                    return new ConnectionError("later", Duration.ofMillis(300), true);
                };
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        assertThat(edge.await(1).protocol()).isEqualTo("quic");
    }

    @Test
    void anUntrustedAuthorityIsHopelessOverQuicToo() throws Exception {
        ScriptedEdge edge = edge();
        edge.listenQuic(new TestCertificates("another").leaf(LinkSettings.QUIC_SERVER_NAME));
        Connector connector = connector(edge);
        connector.start();
        LinkProblem problem = connector.hopeless().get(30, TimeUnit.SECONDS);
        assertThat(problem.sentence()).contains("authority this connector does not trust");
        assertThat(problem.hint()).contains("--cacert");
        assertThat(edge.accepted.stream().filter(a -> a.link != null)).isEmpty();
    }

    @Test
    void aCertificateForAnotherNameIsHopelessOverQuicToo() throws Exception {
        ScriptedEdge edge = edge();
        edge.listenQuic(AUTHORITY.leaf("www.example.com"));
        Connector connector = connector(edge);
        connector.start();
        LinkProblem problem = connector.hopeless().get(30, TimeUnit.SECONDS);
        assertThat(problem.sentence()).contains("not valid for");
    }

    // ---- where UDP does not come through

    @Test
    void usesHttp2WithinOneHandshakeWhenUdpIsSilent() throws Exception {
        handshake = SHORT;
        ScriptedEdge edge = edge();
        try (DatagramSocket silent =
                new DatagramSocket(new InetSocketAddress("127.0.0.1", edge.address().port()))) {
            Connector connector = connector(2, EdgeSource.of(List.of(edge.address())));
            long start = System.nanoTime();
            connector.start();
            edge.await(0).awaitDecided();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(took).isGreaterThanOrEqualTo(SHORT);
            assertThat(edge.await(0).protocol()).isEqualTo("http2");
            assertThat(senders(silent)).as("one try").hasSize(1);
            // The others do not try first.
            awaitRegistered(connector, 2);
            assertThat(edge.await(1).protocol()).isEqualTo("http2");
            assertThat(edge.await(1).call.options().numPreviousAttempts()).isZero();
        }
    }

    /// Of the datagrams that have come.
    private static Set<SocketAddress> senders(DatagramSocket socket) throws IOException {
        Set<SocketAddress> senders = new HashSet<>();
        socket.setSoTimeout(1);
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                socket.receive(packet);
                senders.add(packet.getSocketAddress());
            }
        } catch (SocketTimeoutException e) {
            return senders;
        }
    }

    @Test
    void movesToQuicWhenItComesThroughAndCutsNoStream() throws Exception {
        handshake = SHORT;
        ScriptedEdge edge = edge();
        Connector connector = connector(2, EdgeSource.of(List.of(edge.address())));
        connector.start();
        awaitRegistered(connector, 2);
        assertThat(edge.await(0).protocol()).isEqualTo("http2");
        Side asked = edge.await(0).open();
        Side served = streams.next();
        served.respond(200, HeaderList.of(), false);
        served.send("first ", false);
        asked.awaitReceived(6);

        edge.listenQuic(UDP);
        awaitProtocol(connector, 0, "quic");
        awaitProtocol(connector, 1, "quic");
        List<ScriptedEdge.Accepted> quic =
                edge.accepted.stream()
                        .filter(a -> a.decided && a.protocol().equals("quic"))
                        .toList();
        assertThat(quic)
                .extracting(a -> a.call.connIndex())
                .as("indexes of their own: the old ones are still there")
                .containsExactlyInAnyOrder(2, 3);
        Eventually.until("no more streams for the old one", () -> !edge.await(0).link.isOpen());
        Eventually.until("the other had none", () -> edge.await(1).unregistered);
        assertThat(connector.registered()).isEqualTo(2);
        assertThat(edge.await(0).channel.isActive()).isTrue();
        assertThat(edge.await(0).unregistered).isFalse();

        served.send("last", true);
        asked.awaitEnd();
        assertThat(asked.text()).isEqualTo("first last");
        assertThat(asked.faults()).isEmpty();
        Eventually.until("unregistered", () -> edge.await(0).unregistered);
        edge.await(0).link.drain(Duration.ofSeconds(1));
        edge.await(0).awaitClosed();
        assertThat(connector.registered()).isEqualTo(2);
    }

    @Test
    void aDrainWaitsForStreamsOfLinksThatWereReplaced() throws Exception {
        handshake = SHORT;
        ScriptedEdge edge = edge();
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        Side asked = edge.await(0).open();
        Side served = streams.next();
        edge.listenQuic(UDP);
        awaitProtocol(connector, 0, "quic");
        CompletableFuture<Void> drained = drain(connector);
        ScriptedEdge.Accepted quic =
                edge.accepted.stream()
                        .filter(a -> a.decided && a.protocol().equals("quic"))
                        .findFirst()
                        .orElseThrow();
        Eventually.until("unregistered", () -> quic.unregistered);
        quic.link.drain(Duration.ofSeconds(1));
        awaitRegistered(connector, 0);
        assertThat(drained).isNotDone();
        served.respond(200, HeaderList.of(), false);
        served.send("last", true);
        asked.awaitEnd();
        assertThat(asked.text()).isEqualTo("last");
        edge.await(0).link.drain(Duration.ofSeconds(1));
        drained.get(30, TimeUnit.SECONDS);
    }

    @Test
    void closingClosesLinksThatWereReplacedToo() throws Exception {
        handshake = SHORT;
        ScriptedEdge edge = edge();
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        edge.await(0).open();
        Side served = streams.next();
        edge.listenQuic(UDP);
        awaitProtocol(connector, 0, "quic");
        connector.close();
        edge.await(0).awaitClosed();
        served.awaitFault();
    }

    @Test
    void aTryThatIsRefusedLeavesTheStandingConnectionAlone() throws Exception {
        handshake = SHORT;
        ScriptedEdge edge = edge();
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        edge.answer = call -> new ConnectionError("not by QUIC", Duration.ZERO, true);
        edge.listenQuic(UDP);
        edge.await(1).awaitDecided();
        assertThat(edge.await(1).protocol()).isEqualTo("quic");
        edge.await(1).awaitClosed();
        assertThat(connector.registered()).isEqualTo(1);
        assertThat(edge.await(0).channel.isActive()).isTrue();
        assertThat(edge.await(0).unregistered).isFalse();
        edge.answer = ScriptedEdge.WELCOME;
        awaitProtocol(connector, 0, "quic");
    }

    @Test
    void fallsBackWhenQuicGoesAndComesBackWithIt() throws Exception {
        handshake = SHORT;
        ScriptedEdge edge = edge();
        QuicListener quic = edge.listenQuic(UDP);
        Connector connector = connector(edge);
        connector.start();
        awaitProtocol(connector, 0, "quic");
        quic.close();
        Eventually.until(
                "over HTTP/2",
                () ->
                        edge.accepted.stream()
                                .anyMatch(a -> a.decided && a.protocol().equals("http2")));
        awaitProtocol(connector, 0, "http2");
        edge.listenQuic(UDP);
        awaitProtocol(connector, 0, "quic");
        assertThat(connector.registered()).isEqualTo(1);
    }

    @Test
    void theStandingConnectionMayGoWhileATryIsUnderWay() throws Exception {
        handshake = SHORT;
        ScriptedEdge edge = edge();
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        edge.decides = false;
        edge.listenQuic(UDP);
        Eventually.until("a try", () -> edge.accepted.size() == 2 && edge.await(1).call != null);
        edge.decides = true;
        edge.await(0).channel.close();
        awaitRegistered(connector, 0);
        edge.await(1).decideNow();
        awaitProtocol(connector, 0, "quic");
        // By now the other would have been dialled again, a second or less after it went.
        Eventually.until(
                "only the try is left",
                () ->
                        edge.accepted.stream()
                                .filter(a -> a != edge.await(1))
                                .noneMatch(a -> a.channel.isActive() && !a.unregistered));
        assertThat(edge.await(1).unregistered).isFalse();
        assertThat(connector.registered()).isEqualTo(1);
    }

    // ---- as configured

    @Test
    void quicOnlyNeverFallsBack() throws Exception {
        handshake = SHORT;
        choice = ProtocolChoice.only(Protocol.QUIC);
        ScriptedEdge edge = edge();
        Connector connector = connector(edge);
        connector.start();
        assertThat(Eventually.settled(connector::registered)).isZero();
        QuicListener quic = edge.listenQuic(UDP);
        awaitRegistered(connector, 1);
        assertThat(edge.accepted).extracting(ScriptedEdge.Accepted::protocol).containsOnly("quic");
        quic.close();
        awaitRegistered(connector, 0);
        edge.listenQuic(UDP);
        awaitRegistered(connector, 1);
        assertThat(
                        edge.accepted.stream()
                                .filter(a -> a.link != null)
                                .map(ScriptedEdge.Accepted::protocol))
                .containsOnly("quic");
    }

    @Test
    void http2OnlyNeverTriesQuic() throws Exception {
        choice = ProtocolChoice.only(Protocol.HTTP2);
        ScriptedEdge edge = edge();
        edge.listenQuic(UDP);
        Connector connector = connector(edge);
        connector.start();
        awaitRegistered(connector, 1);
        for (int i = 0; i < 3; i++) {
            assertThat(Eventually.settled(edge.accepted::size)).isEqualTo(1);
        }
        assertThat(edge.await(0).protocol()).isEqualTo("http2");
    }

    /// An edge behind a proxy: its TCP port is reached as ever, to keep the test small.
    private static EdgeSource proxied(ScriptedEdge edge) {
        EdgeSource direct = EdgeSource.of(List.of(edge.address()));
        return new EdgeSource() {
            @Override
            public Future<EdgeAddress> next(int connIndex, EventLoop loop) {
                return direct.next(connIndex, loop);
            }

            @Override
            public boolean isProxied(EdgeAddress address) {
                return true;
            }
        };
    }

    @Test
    void anEdgeBehindAProxyIsHadByHttp2WithoutATry() throws Exception {
        ScriptedEdge edge = edge();
        try (DatagramSocket udp =
                new DatagramSocket(new InetSocketAddress("127.0.0.1", edge.address().port()))) {
            Connector connector = connector(1, proxied(edge));
            connector.start();
            awaitRegistered(connector, 1);
            assertThat(edge.await(0).protocol()).isEqualTo("http2");
            udp.setSoTimeout(600);
            assertThat(
                            org.junit.jupiter.api.Assertions.assertThrows(
                                    SocketTimeoutException.class,
                                    () -> udp.receive(new DatagramPacket(new byte[9], 9))))
                    .isNotNull();
        }
    }

    @Test
    void quicOnlyDoesNotGoThroughAProxy() throws Exception {
        choice = ProtocolChoice.only(Protocol.QUIC);
        ScriptedEdge edge = edge();
        edge.listenQuic(UDP);
        Connector connector = connector(1, proxied(edge));
        connector.start();
        for (int i = 0; i < 3; i++) {
            assertThat(Eventually.settled(edge.accepted::size)).isZero();
        }
        assertThat(connector.registered()).isZero();
        assertThat(connector.hopeless()).isNotDone();
    }
}
