package dev.culvert.connector.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
@Timeout(120)
final class ConnectorTest {
    private static final TestCertificates AUTHORITY = new TestCertificates("edge-authority");
    private static final TestCertificates.Leaf LEAF = AUTHORITY.leaf(LinkSettings.SERVER_NAME);
    private static final UUID TUNNEL = UUID.randomUUID();

    /// Longer than anything here waits for.
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final EventLoops loops = new EventLoops("connector-test", 1);
    private final SideTarget streams = new SideTarget();
    private Duration silentAfter = LinkSettings.SILENT_AFTER;

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

    private ScriptedEdge edge() throws IOException {
        return opened(new ScriptedEdge(LEAF));
    }

    private Connector connector(
            int connections, Duration grace, Duration registerWithin, EdgeAddress... edges)
            throws IOException {
        LinkSettings settings =
                new LinkSettings(
                        EdgeSource.of(List.of(edges)),
                        TlsContexts.client(List.of(AUTHORITY.ca())),
                        new TunnelCredentials("tag", new byte[32], TUNNEL, null),
                        connections,
                        new UUID(0, 7),
                        "test",
                        grace,
                        registerWithin,
                        silentAfter,
                        ProtocolChoice.only(Protocol.HTTP2),
                        null);
        return opened(new Connector(settings, loops, streams));
    }

    private Connector connector(int connections, EdgeAddress... edges) throws IOException {
        return connector(connections, GRACE, Duration.ofSeconds(15), edges);
    }

    private static LinkProblem hopeless(Connector connector) throws Exception {
        return connector.hopeless().get(30, TimeUnit.SECONDS);
    }

    private static void awaitRegistered(Connector connector, int count) {
        Eventually.until(
                () -> count + " registered, not " + connector.registered(),
                () -> connector.registered() == count);
    }

    // ---- starting

    @Test
    void theFirstConnectionTellsTheRulesThatAreTheConnectorsOwn() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = connector(2, edge.address());
        connector.tell(() -> "{\"ingress\":[]}");
        connector.start();
        awaitRegistered(connector, 2);

        Eventually.until("told", () -> edge.await(0).local != null);
        assertThat(edge.await(0).local).isEqualTo("{\"ingress\":[]}");
        assertThat(edge.await(1).local).isNull();
    }

    @Test
    void nothingIsToldToAnEdgeThatKeepsTheRules() throws Exception {
        ScriptedEdge edge = edge();
        edge.remotelyManaged = true;
        Connector connector =
                connector(1, Duration.ofMillis(500), Duration.ofSeconds(15), edge.address());
        connector.tell(() -> "{}");
        connector.start();
        awaitRegistered(connector, 1);
        connector.drain(() -> 0);

        Eventually.until("unregistered", () -> edge.await(0).unregistered);
        assertThat(edge.await(0).local).isNull();
    }

    @Test
    void theFirstConnectsAloneAndTheOthersFollowASecondApart() throws Exception {
        ScriptedEdge edge = edge();
        edge.opensControl = false;
        Connector connector = connector(3, edge.address());
        connector.start();
        ScriptedEdge.Accepted first = edge.await(0);
        Eventually.until("ready", () -> first.link != null);
        assertThat(Eventually.settled(edge.accepted::size)).isEqualTo(1);
        assertThat(connector.registered()).isZero();
        assertThat(connector.firstRegistered()).isNotDone();
        first.channel.close();
        edge.opensControl = true;

        awaitRegistered(connector, 3);
        assertThat(connector.firstRegistered()).isDone();
        List<ScriptedEdge.Accepted> registered =
                edge.accepted.stream().filter(a -> a.decided).toList();
        assertThat(registered).extracting(a -> a.call.connIndex()).containsExactly(0, 1, 2);
        long start = registered.get(0).decidedNanos;
        for (int i = 1; i < 3; i++) {
            long after = (registered.get(i).atNanos - start) / 1_000_000;
            assertThat(after).isGreaterThan(i * 1000L - 50);
        }
        assertThat(registered.get(0).call.options().numPreviousAttempts()).isEqualTo(1);
        assertThat(registered.get(1).call.options().numPreviousAttempts()).isZero();
        assertThat(registered.get(2).call.options().client().clientId()).isEqualTo(new UUID(0, 7));
        assertThat(registered.get(2).call.tunnelId()).isEqualTo(TUNNEL);
        assertThat(registered.get(2).call.accountTag()).isEqualTo("tag");
    }

    @Test
    void streamsOfTheEdgeReachTheTarget() throws Exception {
        ScriptedEdge edge = edge();
        connector(1, edge.address()).start();
        edge.await(0).awaitDecided();
        Side asked = edge.await(0).open();
        Side served = streams.next();
        served.respond(200, HeaderList.of("A", "b"), false);
        served.send("hello", true);
        asked.awaitEnd();
        assertThat(asked.text()).isEqualTo("hello");
        assertThat(asked.breaches()).isEmpty();
    }

    // ---- refused

    @Test
    void aPermanentRefusalBeforeEverConnectingIsHopeless() throws Exception {
        ScriptedEdge edge = edge();
        edge.answer =
                call -> new ConnectionError("Unauthorized: no such tunnel", Duration.ZERO, false);
        Connector connector = connector(4, edge.address());
        connector.start();
        LinkProblem problem = hopeless(connector);
        assertThat(problem.sentence())
                .contains(edge.address().toString())
                .contains("Unauthorized: no such tunnel");
        assertThat(problem.hint()).contains("gateway tunnel token");
        assertThat(Eventually.settled(edge.accepted::size)).isEqualTo(1);
        edge.await(0).awaitClosed();
    }

    @Test
    void aRefusalForNowIsTriedAgainWhenTheEdgeSays() throws Exception {
        ScriptedEdge edge = edge();
        edge.answer =
                call -> {
                    edge.answer = ScriptedEdge.WELCOME;
                    return new ConnectionError("later", Duration.ofMillis(1500), true);
                };
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        long waited = edge.await(1).atNanos - edge.await(0).decidedNanos;
        assertThat(waited / 1_000_000).isGreaterThan(1450);
        assertThat(connector.hopeless()).isNotDone();
        assertThat(edge.await(1).call.options().numPreviousAttempts()).isEqualTo(1);
    }

    @Test
    void aRefusalAfterHavingBeenConnectedIsTriedAgain() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        edge.answer = call -> new ConnectionError("Unauthorized: rotated", Duration.ZERO, false);
        edge.await(0).channel.close();
        edge.await(1).awaitDecided();
        edge.answer = ScriptedEdge.WELCOME;
        awaitRegistered(connector, 1);
        assertThat(connector.hopeless()).isNotDone();
    }

    // ---- TLS

    @Test
    void anUntrustedAuthorityIsHopeless() throws Exception {
        ScriptedEdge edge =
                opened(
                        new ScriptedEdge(
                                new TestCertificates("another").leaf(LinkSettings.SERVER_NAME)));
        Connector connector = connector(1, edge.address());
        connector.start();
        LinkProblem problem = hopeless(connector);
        assertThat(problem.sentence()).contains("authority this connector does not trust");
        assertThat(problem.hint()).contains("--cacert");
    }

    @Test
    void aCertificateForAnotherNameIsHopeless() throws Exception {
        ScriptedEdge edge = opened(new ScriptedEdge(AUTHORITY.leaf("www.example.com")));
        Connector connector = connector(1, edge.address());
        connector.start();
        LinkProblem problem = hopeless(connector);
        assertThat(problem.sentence()).contains("not valid for " + LinkSettings.SERVER_NAME);
        assertThat(problem.hint()).contains("tunnel port of a Culvert edge");
    }

    // ---- unreachable, lost, silent

    @Test
    void anEdgeThatIsNotThereYetIsTriedUntilItIs() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Connector connector = connector(1, new EdgeAddress("127.0.0.1", port));
        connector.start();
        assertThat(Eventually.settled(connector::registered)).isZero();
        assertThat(connector.hopeless()).isNotDone();
        opened(new ScriptedEdge(LEAF, port));
        awaitRegistered(connector, 1);
    }

    @Test
    void triesTheNextEdgeWhenOneIsDown() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ScriptedEdge edge = edge();
        Connector connector = connector(1, new EdgeAddress("127.0.0.1", port), edge.address());
        connector.start();
        awaitRegistered(connector, 1);
    }

    @Test
    void aConnectionTheEdgeClosesIsDialledAgain() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        Side cut = edge.await(0).open();
        Side served = streams.next();
        edge.await(0).channel.close();
        served.awaitFault();
        edge.await(1).awaitDecided();
        awaitRegistered(connector, 1);
        cut.awaitFault();
        assertThat(edge.await(1).call.connIndex()).isZero();
    }

    @Test
    void aFinIsNoticedAtOnce() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        edge.answer = call -> new ConnectionError("not now", Duration.ofSeconds(30), true);
        long start = System.nanoTime();
        edge.await(0)
                .channel
                .eventLoop()
                .execute(() ->
                        ((io.netty.channel.socket.DuplexChannel) edge.await(0).channel)
                                .shutdownOutput());
        awaitRegistered(connector, 0);
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(5000);
        edge.await(0).awaitClosed();
    }

    @Test
    void aControlStreamThatEndsOrBreaksEndsTheConnection() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        edge.await(0).endControl();
        edge.await(0).awaitClosed();
        edge.await(1).awaitDecided();
        awaitRegistered(connector, 1);
        edge.await(1).breakProtocol();
        edge.await(1).awaitClosed();
        edge.await(2).awaitDecided();
        awaitRegistered(connector, 1);
    }

    @Test
    void anEdgeThatNeverOpensTheControlStreamIsGivenUp() throws Exception {
        ScriptedEdge edge = edge();
        edge.opensControl = false;
        Connector connector = connector(1, GRACE, Duration.ofMillis(400), edge.address());
        connector.start();
        edge.await(0).awaitClosed();
        edge.opensControl = true;
        awaitRegistered(connector, 1);
    }

    @Test
    void anEdgeThatDoesNotShakeHandsIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Connector connector =
                    connector(
                            1,
                            GRACE,
                            Duration.ofSeconds(1),
                            new EdgeAddress("127.0.0.1", silent.getLocalPort()));
            connector.start();
            for (int i = 0; i < 2; i++) {
                Socket dialled = silent.accept();
                dialled.setSoTimeout(30_000);
                assertThat(dialled.getInputStream().readAllBytes()).isNotEmpty();
                dialled.close();
            }
            assertThat(connector.hopeless()).isNotDone();
        }
    }

    // ---- open, but dead

    /// A probe as an edge sends it.
    private static void probe(ScriptedEdge.Accepted over) {
        Side side = new Side(over.link.loop());
        side.onLoop(
                () -> side.meet(over.link.open(LivenessProbe.request(), side, over.link.loop())));
    }

    /// Registered over one connection, and soon without patience for it.
    private Connector silenced(ScriptedEdge edge) throws Exception {
        silentAfter = Duration.ofMillis(440);
        Connector connector =
                connector(1, Duration.ofSeconds(1), Duration.ofSeconds(15), edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        return connector;
    }

    /// Nothing is heard of the first connection after a probe, and another is refused.
    private void fallSilent(ScriptedEdge edge, Connector connector) throws Exception {
        edge.answer = call -> new ConnectionError("not now", Duration.ofMillis(50), true);
        probe(edge.await(0));
        streams.next();
        awaitRegistered(connector, 0);
        edge.await(1).awaitDecided();
    }

    @Test
    void aConnectionThatFallsSilentIsReplacedBeforeItIsDropped() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = silenced(edge);
        ScriptedEdge.Accepted first = edge.await(0);
        Side asked = first.open();
        Side served = streams.next();
        fallSilent(edge, connector);
        assertThat(first.channel.isActive()).as("kept while there is no other").isTrue();
        edge.answer = ScriptedEdge.WELCOME;
        awaitRegistered(connector, 1);
        // What still works on the old one may end.
        served.respond(200, HeaderList.of(), false);
        served.send("last", true);
        asked.awaitEnd();
        assertThat(asked.text()).isEqualTo("last");
        first.awaitClosed();
        assertThat(Eventually.settled(connector::registered)).isEqualTo(1);
    }

    @Test
    void aSilentConnectionThatIsHeardAgainKeepsItsStreams() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = silenced(edge);
        ScriptedEdge.Accepted first = edge.await(0);
        Side asked = first.open();
        Side served = streams.next();
        fallSilent(edge, connector);
        probe(first);
        streams.next();
        awaitRegistered(connector, 1);
        edge.answer = ScriptedEdge.WELCOME;
        served.respond(200, HeaderList.of(), false);
        served.send("still here", true);
        asked.awaitEnd();
        assertThat(asked.text()).isEqualTo("still here");
        assertThat(first.channel.isActive()).isTrue();
        assertThat(first.unregistered).isFalse();
    }

    @Test
    void aConnectionWhoseStreamsGoOnIsNotSilent() throws Exception {
        silentAfter = Duration.ofSeconds(1);
        ScriptedEdge edge = edge();
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        probe(edge.await(0));
        streams.next();
        long until = System.nanoTime() + 2 * silentAfter.toNanos();
        while (System.nanoTime() < until) {
            Side asked = edge.await(0).open();
            streams.next().respond(200, HeaderList.of(), true);
            asked.awaitEnd();
        }
        assertThat(edge.accepted).hasSize(1);
        assertThat(connector.registered()).isEqualTo(1);
    }

    @Test
    void anEdgeThatSendsNoProbesMayBeSilent() throws Exception {
        silentAfter = Duration.ofMillis(44);
        ScriptedEdge edge = edge();
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        edge.await(0).open();
        streams.next();
        assertThat(Eventually.settled(connector::registered)).isEqualTo(1);
        assertThat(edge.accepted).hasSize(1);
    }

    // ---- draining

    private static CompletableFuture<Long> drain(Connector connector) {
        long start = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> {
            try {
                connector.drain(() -> 0);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return (System.nanoTime() - start) / 1_000_000;
        });
    }

    @Test
    void drainingUnregistersAndEndsWhenTheEdgeCloses() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = connector(2, edge.address());
        connector.start();
        awaitRegistered(connector, 2);
        Side asked = edge.await(0).open();
        Side served = streams.next();
        CompletableFuture<Long> drained = drain(connector);
        List<ScriptedEdge.Accepted> both = new ArrayList<>(edge.accepted);
        Eventually.until("unregistered", () -> both.stream().allMatch(a -> a.unregistered));
        assertThat(connector.isStopping()).isTrue();
        both.forEach(a -> Eventually.until("the control stream ended", () -> a.controlEnded));
        served.respond(200, HeaderList.of(), false);
        served.send("last", true);
        asked.awaitEnd();
        assertThat(asked.text()).isEqualTo("last");
        assertThat(drained).isNotDone();
        both.forEach(a -> a.link.drain(Duration.ofSeconds(1)));
        drained.get(30, TimeUnit.SECONDS);
        assertThat(connector.registered()).isZero();
        assertThat(Eventually.settled(edge.accepted::size)).isEqualTo(2);
    }

    @Test
    void drainingEndsWithTheGracePeriod() throws Exception {
        ScriptedEdge edge = edge();
        edge.answersUnregister = false;
        Connector connector =
                connector(1, Duration.ofMillis(500), Duration.ofSeconds(15), edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        edge.await(0).open();
        Side served = streams.next();
        assertThat(drain(connector).get(30, TimeUnit.SECONDS)).isGreaterThan(480);
        served.awaitFault();
        edge.await(0).awaitClosed();
    }

    @Test
    void drainingWhileNothingIsConnectedTakesNoTime() throws Exception {
        ScriptedEdge edge = edge();
        edge.opensControl = false;
        Connector connector = connector(1, edge.address());
        connector.start();
        edge.await(0);
        drain(connector).get(30, TimeUnit.SECONDS);
        edge.await(0).awaitClosed();
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        ScriptedEdge edge = edge();
        Connector connector = connector(1, edge.address());
        connector.start();
        awaitRegistered(connector, 1);
        connector.close();
        connector.close();
        edge.await(0).awaitClosed();
        assertThat(Eventually.settled(edge.accepted::size)).isEqualTo(1);
    }
}
