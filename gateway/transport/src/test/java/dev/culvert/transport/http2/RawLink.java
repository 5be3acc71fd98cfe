package dev.culvert.transport.http2;

import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.SideTarget;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Supplier;

/// A listener whose connections are [Http2Link]s without TLS, for a [RawPeer]. Used by one thread.
final class RawLink implements AutoCloseable {
    private final EventLoops loops = new EventLoops("raw", 1);
    private final Channel listener;
    final SideTarget target = new SideTarget();
    volatile Http2Link link;

    private RawLink(Supplier<Http2Link> made) throws InterruptedException {
        listener =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        Http2Link next = made == null ? publicLink() : made.get();
                                        link = next;
                                        channel.pipeline().addLast(next);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
    }

    private Http2Link publicLink() {
        return Http2Link.server(new PublicHeads(), LinkLimits.PUBLIC, target, CarrierEvents.NONE);
    }

    /// The public face: the peer is a client.
    static RawLink open() throws InterruptedException {
        return new RawLink(null);
    }

    /// The edge's end of a tunnel: the peer is the connector.
    static RawLink tunnel() throws InterruptedException {
        return new RawLink(
                () -> Http2Link.client(new TunnelHeads(), LinkLimits.TUNNEL, CarrierEvents.NONE));
    }

    RawPeer connect() throws Exception {
        return new RawPeer(
                new Socket("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort()));
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        loops.close();
    }
}
