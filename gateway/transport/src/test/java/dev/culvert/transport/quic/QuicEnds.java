package dev.culvert.transport.quic;

import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.transport.CarrierContract;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Both ends of a QUIC connection on loopback, on the loops a test chooses.
final class QuicEnds implements CarrierContract.Ends {
    private static final TestCertificates CA = new TestCertificates("tunnel test");
    private static final TestCertificates.Leaf LEAF = CA.leaf("edge.example");
    static final QuicLimits LIMITS =
            new QuicLimits(
                    256 * 1024,
                    8 * 1024 * 1024,
                    QuicLimits.TUNNEL.maxStreams(),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(300));

    /// Several windows of a stream.
    static final int LARGEST = 1_300_000;

    private final QuicLink edge;
    private final QuicLink connector;
    private final QuicChannel edgeChannel;
    private final QuicChannel connectorChannel;
    private final Channel edgeSocket;

    private QuicEnds(
            QuicLink edge,
            QuicLink connector,
            QuicChannel edgeChannel,
            QuicChannel connectorChannel,
            Channel edgeSocket) {
        this.edge = edge;
        this.connector = connector;
        this.edgeChannel = edgeChannel;
        this.connectorChannel = connectorChannel;
        this.edgeSocket = edgeSocket;
    }

    /// @param alpn what the connector offers
    static QuicEnds connect(
            EventLoops types,
            EventLoop edgeLoop,
            EventLoop connectorLoop,
            StreamTarget target,
            String... alpn)
            throws Exception {
        return connect(types, edgeLoop, connectorLoop, target, LIMITS, CarrierEvents.NONE, alpn);
    }

    static QuicEnds connect(
            EventLoops types,
            EventLoop edgeLoop,
            EventLoop connectorLoop,
            StreamTarget target,
            QuicLimits limits,
            CarrierEvents edgeEvents,
            String... alpn)
            throws Exception {
        QuicSslContext edgeTls = TlsContexts.quicServer(LEAF.key(), LEAF.certificate());
        QuicSslContext connectorTls =
                QuicSslContextBuilder.forClient()
                        .option(BoringSSLContextOption.GROUPS, TlsContexts.GROUPS.clone())
                        .trustManager(CA.ca())
                        .endpointIdentificationAlgorithm("HTTPS")
                        .applicationProtocols(alpn)
                        .build();
        QuicLink edge = QuicLink.edge(limits, edgeEvents);
        CompletableFuture<QuicChannel> accepted = new CompletableFuture<>();
        ChannelFuture bound =
                QuicSockets.bootstrap(
                                types,
                                edgeLoop,
                                QuicSockets.configured(new QuicServerCodecBuilder(), limits)
                                        .sslEngineProvider(c -> edgeTls.newEngine(c.alloc()))
                                        .tokenHandler(new RetryTokens())
                                        .handler(
                                                new ChannelInitializer<QuicChannel>() {
                                                    @Override
                                                    protected void initChannel(
                                                            QuicChannel channel) {
                                                        channel.pipeline().addLast(edge);
                                                        accepted.complete(channel);
                                                    }
                                                })
                                        .streamHandler(AcceptedStreams.INSTANCE)
                                        .build())
                        .bind("127.0.0.1", 0)
                        .sync();
        StreamTarget withoutControl =
                (request, caller, loop) ->
                        request.kind() == StreamKind.CONTROL
                                ? new DeadPeer(caller)
                                : target.open(request, caller, loop);
        QuicLink connector = QuicLink.connector(limits, withoutControl, CarrierEvents.NONE);
        QuicChannel dialled =
                new QuicDialer(types, Duration.ofSeconds(20))
                        .dial(
                                (InetSocketAddress) bound.channel().localAddress(),
                                null,
                                connectorTls,
                                "edge.example",
                                limits,
                                connectorLoop,
                                connector)
                        .sync()
                        .getNow();
        Eventually.until("edge ready", edge::isOpen);
        if (Dialect.of(alpn[0]) == Dialect.ARGOTUNNEL) {
            keepAlive(dialled, limits);
        }
        return new QuicEnds(edge, connector, accepted.get(), dialled, bound.channel());
    }

    /// cloudflared says something every second; Netty has no PING, so it is a datagram.
    private static void keepAlive(QuicChannel connector, QuicLimits limits) {
        connector
                .eventLoop()
                .schedule(
                        () -> {
                            if (connector.isActive()) {
                                connector.writeAndFlush(
                                        connector.alloc().directBuffer(1).writeByte(0));
                                keepAlive(connector, limits);
                            }
                        },
                        limits.keepAlive().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    static List<java.security.cert.X509Certificate> authority() {
        return List.of(CA.ca());
    }

    QuicLink edgeLink() {
        return edge;
    }

    QuicChannel edgeChannel() {
        return edgeChannel;
    }

    QuicChannel connectorChannel() {
        return connectorChannel;
    }

    @Override
    public StreamTarget edge() {
        return edge;
    }

    @Override
    public boolean edgeOpen() {
        return edge.isOpen();
    }

    @Override
    public int edgeLoad() {
        return edge.load();
    }

    @Override
    public int connectorLoad() {
        return connector.load();
    }

    @Override
    public void drainEdge(Duration deadline) {
        edge.drain(deadline);
    }

    @Override
    public void drainConnector(Duration deadline) {
        connector.drain(deadline);
    }

    @Override
    public void abortEdge() {
        edge.abort();
    }

    /// Datagrams of both ends go nowhere from here on.
    @Override
    public void cut() {
        for (Channel socket : List.of(edgeSocket, connectorChannel.parent())) {
            socket.eventLoop()
                    .submit(() -> socket.pipeline().addFirst(new BlackHole()))
                    .syncUninterruptibly();
        }
    }

    /// They come through again.
    void mend() {
        for (Channel socket : List.of(edgeSocket, connectorChannel.parent())) {
            socket.eventLoop()
                    .submit(() -> socket.pipeline().remove(BlackHole.class))
                    .syncUninterruptibly();
        }
    }

    @Override
    public boolean bothClosed() {
        boolean closed = !edgeChannel.isOpen() && !connectorChannel.isOpen();
        if (closed) {
            edgeSocket.close();
        }
        return closed;
    }
}
