package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.culvert.protocols.quic.Dialect;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.RememberingTrust;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicTokenHandler;
import io.netty.util.concurrent.Promise;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/// A listener and who dials it: the right peers, the wrong ones, and what is no peer at all.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class QuicDialerTest {
    private static final TestCertificates CA = new TestCertificates("tunnel test");
    private static final TestCertificates.Leaf LEAF = CA.leaf("edge.example");
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Longer than a probe of a handshake on loopback waits.
    private static final Duration LATE = Duration.ofMillis(500);

    private final EventLoops loops = new EventLoops("dialer", 2);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Queue<ILoggingEvent> logged = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    logged.add(event);
                }
            };
    private final RememberingTrust trust = new RememberingTrust(List.of(CA.ca()));
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @BeforeEach
    void listenToTheLog() {
        appender.start();
        root().addAppender(appender);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        loops.close();
        root().detachAppender(appender);
        assertThat(logged).filteredOn(e -> e.getLevel().isGreaterOrEqual(Level.INFO)).isEmpty();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private final class Counted implements CarrierEvents {
        @Override
        public void ready(Carrier carrier) {
            ready.incrementAndGet();
        }

        @Override
        public void closed(Carrier carrier) {
            closed.incrementAndGet();
        }
    }

    private InetSocketAddress listen(TestCertificates.Leaf leaf) throws Exception {
        QuicSslContext tls = TlsContexts.quicServer(leaf.key(), leaf.certificate());
        QuicListener listener =
                new QuicListener(
                        loops,
                        QuicEnds.LIMITS,
                        () -> tls,
                        new ChannelInitializer<QuicChannel>() {
                            @Override
                            protected void initChannel(QuicChannel channel) {
                                channel.pipeline()
                                        .addLast(QuicLink.edge(QuicEnds.LIMITS, new Counted()));
                            }
                        });
        opened.add(listener);
        return (InetSocketAddress) listener.listen(ANY).sync().channel().localAddress();
    }

    private Promise<QuicChannel> dial(InetSocketAddress edge, Duration within) {
        return dial(edge, within, TlsContexts.quicClient(trust, false));
    }

    private Promise<QuicChannel> dial(InetSocketAddress edge, Duration within, QuicSslContext tls) {
        return dial(edge, within, tls, CarrierEvents.NONE);
    }

    private Promise<QuicChannel> dial(
            InetSocketAddress edge, Duration within, QuicSslContext tls, CarrierEvents events) {
        return new QuicDialer(loops, within)
                .dial(
                        edge,
                        null,
                        tls,
                        "edge.example",
                        QuicEnds.LIMITS,
                        loops.next(),
                        QuicLink.connector(
                                QuicEnds.LIMITS,
                                (request, caller, loop) -> new DeadPeer(caller),
                                events));
    }

    private Promise<QuicChannel> dial(InetSocketAddress edge) {
        return dial(edge, PATIENCE);
    }

    private void assertDialled(InetSocketAddress edge) throws Exception {
        QuicChannel channel = dial(edge).sync().getNow();
        assertThat(channel.isActive()).isTrue();
        channel.close().sync();
    }

    // ---- the right peers

    @Test
    void peersOfOurOwnAgreeOnTheirOwnDialect() throws Exception {
        QuicChannel channel = dial(listen(LEAF)).sync().getNow();
        assertThat(channel.sslEngine().getApplicationProtocol()).isEqualTo(Dialect.CULVERT.alpn());
        channel.close().sync();
    }

    @Test
    void aConnectionThatClosesWithoutAStreamLeavesNothing() throws Exception {
        InetSocketAddress edge = listen(LEAF);
        QuicSslContext argotunnel =
                QuicSslContextBuilder.forClient()
                        .trustManager(CA.ca())
                        .applicationProtocols("argotunnel")
                        .build();
        for (int i = 0; i < 5; i++) {
            QuicChannel channel = dial(edge, PATIENCE, argotunnel).sync().getNow();
            channel.pipeline().get(QuicLink.class).abort();
            channel.parent().closeFuture().sync();
        }
        Eventually.until("all closed", () -> closed.get() == 5);
        assertThat(ready.get()).isEqualTo(5);
    }

    /// When it closes, a probe of the handshake is due, and the edge's confirmation is there but not read.
    @Test
    void aConnectionOfALateLoopThatClosesAtOnceEnds() throws Exception {
        InetSocketAddress edge = listen(LEAF);
        QuicSslContext tls = TlsContexts.quicClient(trust, false);
        CarrierEvents closing =
                new CarrierEvents() {
                    @Override
                    public void ready(Carrier carrier) {
                        carrier.loop()
                                .execute(() -> {
                                    LockSupport.parkNanos(LATE.toNanos());
                                    carrier.abort();
                                });
                    }
                };
        // The first one's session is resumed by the next, which are ready with the edge's first
        // flight.
        for (int i = 0; i < 3; i++) {
            QuicChannel channel = dial(edge, PATIENCE, tls, closing).sync().getNow();
            channel.parent().closeFuture().sync();
        }
        Eventually.until("all closed", () -> closed.get() == 3);
    }

    @Test
    void aListenerThatAsksForTokensIsDialledAllTheSame() throws Exception {
        QuicSslContext tls = TlsContexts.quicServer(LEAF.key(), LEAF.certificate());
        RetryTokens tokens = new RetryTokens();
        AtomicInteger asked = new AtomicInteger();
        QuicTokenHandler always =
                new QuicTokenHandler() {
                    @Override
                    public boolean writeToken(ByteBuf out, ByteBuf id, InetSocketAddress address) {
                        asked.incrementAndGet();
                        return tokens.write(out, id, address);
                    }

                    @Override
                    public int validateToken(ByteBuf token, InetSocketAddress address) {
                        return tokens.validateToken(token, address);
                    }

                    @Override
                    public int maxTokenLength() {
                        return tokens.maxTokenLength();
                    }
                };
        Channel socket =
                QuicSockets.bootstrap(
                                loops,
                                loops.next(),
                                QuicSockets.configured(
                                                new QuicServerCodecBuilder(), QuicEnds.LIMITS)
                                        .sslEngineProvider(c -> tls.newEngine(c.alloc()))
                                        .tokenHandler(always)
                                        .handler(QuicLink.edge(QuicEnds.LIMITS, new Counted()))
                                        .streamHandler(AcceptedStreams.INSTANCE)
                                        .build())
                        .bind(ANY)
                        .sync()
                        .channel();
        opened.add(() -> socket.close().sync());
        assertDialled((InetSocketAddress) socket.localAddress());
        assertThat(asked.get()).isPositive();
    }

    // ---- the wrong ones

    private void assertRefused(Promise<QuicChannel> dialled, String why) throws Exception {
        assertThat(dialled.await().cause()).isInstanceOf(SSLHandshakeException.class);
        assertThat(trust.refusal()).hasMessageContaining(why);
        assertThat(ready.get()).isZero();
    }

    @Test
    void refusesACertificateForAnotherName() throws Exception {
        assertRefused(dial(listen(CA.leaf("www.example"))), "No subject alternative DNS name");
    }

    @Test
    void refusesACertificateOfAnotherAuthority() throws Exception {
        assertRefused(dial(listen(new TestCertificates("another").leaf("edge.example"))), "PKIX");
    }

    @Test
    void aPeerOfAnotherProtocolIsRefused() throws Exception {
        QuicSslContext h3 =
                QuicSslContextBuilder.forClient()
                        .trustManager(CA.ca())
                        .applicationProtocols("h3")
                        .build();
        assertThat(dial(listen(LEAF), PATIENCE, h3).await().isSuccess()).isFalse();
        assertThat(ready.get()).isZero();
    }

    @Test
    void givesUpWhenNobodyAnswersAndClosesItsSocket() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(ANY)) {
            long start = System.nanoTime();
            Promise<QuicChannel> dialled =
                    dial(
                            (InetSocketAddress) silent.getLocalSocketAddress(),
                            Duration.ofMillis(300));
            assertThat(dialled.await().cause()).isInstanceOf(SocketTimeoutException.class);
            assertThat(System.nanoTime() - start).isGreaterThan(290_000_000L);
            DatagramPacket first = new DatagramPacket(new byte[2000], 2000);
            silent.receive(first);
            // The dialler's port is free again.
            Eventually.until(
                    "closed",
                    () -> {
                        try (DatagramSocket same =
                                new DatagramSocket(
                                        new InetSocketAddress("127.0.0.1", first.getPort()))) {
                            return same.isBound();
                        } catch (java.net.SocketException e) {
                            return false;
                        }
                    });
        }
    }

    // ---- no peers

    @Test
    void datagramsOfRubbishDoNoHarm() throws Exception {
        InetSocketAddress edge = listen(LEAF);
        Random random = new Random(7);
        try (DatagramSocket socket = new DatagramSocket(ANY)) {
            socket.setSoTimeout(30_000);
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[random.nextInt(1500)];
                random.nextBytes(bytes);
                if (bytes.length > 0 && i % 2 == 0) {
                    // A long header.
                    bytes[0] |= (byte) 0xc0;
                }
                if (bytes.length > 5 && i % 4 == 0) {
                    // Version 1; every other one an Initial.
                    System.arraycopy(new byte[] {0, 0, 0, 1}, 0, bytes, 1, 4);
                    bytes[0] &= (byte) (i % 8 == 0 ? 0xcf : 0xff);
                }
                send(socket, edge, bytes);
            }
            // Connection ids longer than allowed, of no length, a token that is none.
            for (String head :
                    new String[] {
                        "c3 00000001 ff",
                        "c3 00000001 00 00",
                        "c3 00000001 08 0102030405060708 00" + " 20" + "ab".repeat(32),
                        "c3 00000001 14" + "01".repeat(20)
                    }) {
                byte[] bytes = HexFormat.of().parseHex(head.replace(" ", ""));
                send(socket, edge, Arrays.copyOf(bytes, 1200));
            }
            assertDialled(edge);
            // A version nobody speaks is answered with those there are.
            byte[] unknown =
                    HexFormat.of().parseHex("c0babababa080102030405060708080807060504030201");
            send(socket, edge, Arrays.copyOf(unknown, 1200));
            DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
            socket.receive(answer);
            assertThat(answer.getLength()).isBetween(20, 200);
        }
        assertDialled(edge);
        // Half-open ones end by themselves.
        Eventually.until(
                () -> "closed " + closed, () -> closed.get() >= ready.get() && ready.get() == 2);
    }

    private static void send(DatagramSocket socket, InetSocketAddress to, byte[] bytes)
            throws Exception {
        socket.send(
                new DatagramPacket(
                        bytes, bytes.length, InetAddress.getLoopbackAddress(), to.getPort()));
    }
}
