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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// A listener whose connections are [Http2Link]s without TLS, for a [RawPeer]. Used by one thread.
final class RawLink implements AutoCloseable {
    private final EventLoops loops = new EventLoops("raw", 1);
    private final Channel listener;
    private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();
    final SideTarget target = new SideTarget();
    volatile Http2Link link;

    private RawLink(Function<RawLink, Http2Link> made) throws InterruptedException {
        listener =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        Http2Link next = made.apply(RawLink.this);
                                        link = next;
                                        accepted.add(channel);
                                        channel.pipeline().addLast(next);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
    }

    private Http2Link publicLink(LinkLimits limits) {
        return Http2Link.server(new PublicHeads(), limits, target, CarrierEvents.NONE);
    }

    /// The public face: the peer is a client.
    static RawLink open() throws InterruptedException {
        return open(LinkLimits.PUBLIC);
    }

    static RawLink open(LinkLimits limits) throws InterruptedException {
        return new RawLink(made -> made.publicLink(limits));
    }

    /// The edge's end of a tunnel: the peer is the connector.
    static RawLink tunnel() throws InterruptedException {
        return new RawLink(
                made -> Http2Link.client(new TunnelHeads(), LinkLimits.TUNNEL, CarrierEvents.NONE));
    }

    RawPeer connect() throws Exception {
        return new RawPeer(
                new Socket("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort()));
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        accepted.forEach(channel -> channel.close().syncUninterruptibly());
        loops.close();
    }
}
