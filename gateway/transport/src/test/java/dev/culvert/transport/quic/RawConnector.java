package dev.culvert.transport.quic;

import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An edge's [QuicLink] behind its listener, and a connector made of raw streams that has dialled it.
/// Thread-safe.
final class RawConnector implements AutoCloseable {
    /// Nothing here is about time: a machine that stands still for a moment loses no connection.
    private static final QuicLimits LIMITS =
            QuicEnds.LIMITS.withIdle(Duration.ofSeconds(30), Duration.ofSeconds(5));

    private static final TestCertificates CA = new TestCertificates("raw");
    private static final TestCertificates.Leaf LEAF = CA.leaf("edge.example");

    private final EventLoops loops;
    private final QuicListener listener;
    private final Channel socket;
    final QuicLink edge;
    final QuicChannel connector;

    /// Opened by the edge, in order.
    final List<RawStream> accepted = new CopyOnWriteArrayList<>();

    RawConnector(EventLoops loops, CarrierEvents events, String alpn) throws Exception {
        this.loops = loops;
        edge = QuicLink.edge(LIMITS, events);
        QuicSslContext tls = TlsContexts.quicServer(LEAF.key(), LEAF.certificate());
        listener =
                new QuicListener(
                        loops,
                        LIMITS,
                        () -> tls,
                        new ChannelInitializer<QuicChannel>() {
                            @Override
                            protected void initChannel(QuicChannel channel) {
                                channel.pipeline().addLast(edge);
                            }
                        });
        InetSocketAddress address =
                (InetSocketAddress)
                        listener.listen(new InetSocketAddress("127.0.0.1", 0))
                                .sync()
                                .channel()
                                .localAddress();
        QuicSslContext client =
                QuicSslContextBuilder.forClient()
                        .trustManager(CA.ca())
                        .applicationProtocols(alpn)
                        .build();
        socket =
                QuicSockets.bootstrap(
                                loops,
                                loops.next(),
                                QuicSockets.configured(new QuicClientCodecBuilder(), LIMITS)
                                        .sslEngineProvider(c ->
                                                client.newEngine(
                                                        c.alloc(),
                                                        "edge.example",
                                                        address.getPort()))
                                        .build())
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        connector =
                QuicChannel.newBootstrap(socket)
                        .handler(new ChannelInboundHandlerAdapter())
                        .streamHandler(
                                new ChannelInitializer<QuicStreamChannel>() {
                                    @Override
                                    protected void initChannel(QuicStreamChannel channel) {
                                        RawStream stream = new RawStream();
                                        channel.pipeline().addLast(stream);
                                        accepted.add(stream);
                                    }
                                })
                        .remoteAddress(address)
                        .connect()
                        .sync()
                        .getNow();
        Eventually.until("edge ready", edge::isOpen);
    }

    /// A stream of the edge.
    Side ask(StreamRequest request) {
        Side side = new Side(edge.loop());
        side.onLoop(() -> side.meet(edge.open(request, side, edge.loop())));
        return side;
    }

    RawStream await(int index) {
        Eventually.until("stream " + index + " of the edge", () -> accepted.size() > index);
        return accepted.get(index);
    }

    @Override
    public void close() {
        connector.close().awaitUninterruptibly();
        Eventually.until("the edge's end closed", () -> !edge.isOpen());
        listener.close();
        socket.close().awaitUninterruptibly();
    }
}
