package dev.culvert.transport.http2;

import dev.culvert.transport.CarrierContract;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// The carrier contract over HTTP/2 and TLS on loopback: the edge accepts and is the HTTP/2 client, as
/// with cloudflared.
final class Http2CarrierTest extends CarrierContract {
    private static final TestCertificates CA = new TestCertificates("tunnel test");
    private static final TestCertificates.Leaf LEAF = CA.leaf("edge.example");

    @Override
    protected Ends connect(
            EventLoops types, EventLoop edgeLoop, EventLoop connectorLoop, StreamTarget target)
            throws Exception {
        SslContext edgeTls = TlsContexts.tunnelServer(LEAF.key(), LEAF.certificate());
        SslContext connectorTls = TlsContexts.client(List.of(CA.ca()));
        // A window that grows with the delay of a busy machine is not the bound this suite holds a
        // carrier to.
        LinkLimits limits = LinkLimits.TUNNEL.withoutGrowth();
        Http2Link edge = Http2Link.client(new TunnelHeads(), limits, CarrierEvents.NONE);
        Http2Link connector =
                Http2Link.server(
                        new TunnelHeads(),
                        limits.withoutUnacknowledgedLimit(),
                        target,
                        CarrierEvents.NONE);
        Channel listener =
                new ServerBootstrap()
                        .group(types.group(), edgeLoop)
                        .channel(types.listenerType())
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(edgeTls.newHandler(channel.alloc()), edge);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        Channel dialled =
                new Bootstrap()
                        .group(connectorLoop)
                        .channel(types.socketType())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(
                                                        connectorTls.newHandler(
                                                                channel.alloc(),
                                                                "edge.example",
                                                                7844),
                                                        connector);
                                    }
                                })
                        .connect(
                                "127.0.0.1",
                                ((InetSocketAddress) listener.localAddress()).getPort())
                        .sync()
                        .channel();
        Eventually.until("edge ready", edge::isOpen);
        listener.close().sync();
        return new Http2Ends(edge, connector, dialled);
    }

    @Override
    protected StreamFault.Kind carried(StreamFault.Kind kind) {
        return switch (kind) {
            case CANCELLED, REFUSED, NOT_READ -> kind;
            case CONNECTION_LOST, PROTOCOL, TIMED_OUT, INTERNAL -> StreamFault.Kind.PROTOCOL;
        };
    }

    /// Credit is given when the bytes stand in the socket: a sender gets ahead of the reader by the
    /// far end's stream window, and by its own limit beyond that.
    @Override
    protected int mostUnread() {
        return LinkLimits.TUNNEL.streamWindowBytes() + Side.LIMIT + 16 * 1024;
    }

    private record Http2Ends(Http2Link edgeLink, Http2Link connector, Channel connectorSocket)
            implements Ends {
        @Override
        public StreamTarget edge() {
            return edgeLink;
        }

        @Override
        public boolean edgeOpen() {
            return edgeLink.isOpen();
        }

        @Override
        public int edgeLoad() {
            return edgeLink.load();
        }

        @Override
        public int connectorLoad() {
            return connector.load();
        }

        @Override
        public void drainEdge(Duration deadline) {
            edgeLink.drain(deadline);
        }

        @Override
        public void drainConnector(Duration deadline) {
            connector.drain(deadline);
        }

        @Override
        public void abortEdge() {
            edgeLink.abort();
        }

        @Override
        public void cut() {
            // A RST, without the TLS goodbye.
            connectorSocket
                    .eventLoop()
                    .execute(() -> {
                        connectorSocket.config().setOption(ChannelOption.SO_LINGER, 0);
                        connectorSocket.unsafe().close(connectorSocket.unsafe().voidPromise());
                    });
        }

        @Override
        public boolean bothClosed() {
            return !edgeLink.ctx().channel().isOpen() && !connectorSocket.isOpen();
        }
    }
}
