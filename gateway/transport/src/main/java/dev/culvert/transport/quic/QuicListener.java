package dev.culvert.transport.quic;

import dev.culvert.transport.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A UDP port that accepts QUIC connections: a socket for each event loop, among which the system spreads
/// peers by their address (SO_REUSEPORT), or one socket where there is no epoll.
///
/// A peer whose address changes may land on another loop's socket, which does not know it; it dials anew.
///
/// Blocking; used by one thread.
public final class QuicListener implements AutoCloseable {
    private static final long GOODBYE_MILLIS = 1000;

    private final EventLoops loops;
    private final QuicLimits limits;
    private final Supplier<QuicSslContext> tls;
    private final ChannelHandler initializer;
    private final RetryTokens tokens = new RetryTokens();
    private final List<Channel> sockets = new ArrayList<>();
    private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /// @param tls asked for each connection
    /// @param initializer of accepted connections; adds a [QuicLink]
    public QuicListener(
            EventLoops loops,
            QuicLimits limits,
            Supplier<QuicSslContext> tls,
            ChannelHandler initializer) {
        this.loops = loops;
        this.limits = limits;
        this.tls = tls;
        this.initializer = initializer;
    }

    /// Listens.
    ///
    /// @return the error of the system, or null when all sockets are bound
    public ChannelFuture listen(InetSocketAddress address) {
        InetSocketAddress at = address;
        ChannelFuture bound = null;
        for (EventExecutor loop : loops.group()) {
            bound = bind((EventLoop) loop, at);
            if (!bound.isSuccess()) {
                close();
                return bound;
            }
            sockets.add(bound.channel());
            at = (InetSocketAddress) bound.channel().localAddress();
            if (!loops.isEpoll()) {
                break;
            }
        }
        if (bound == null) {
            throw new IllegalStateException("no event loop");
        }
        return bound;
    }

    private ChannelFuture bind(EventLoop loop, InetSocketAddress address) {
        Bootstrap bootstrap = QuicSockets.bootstrap(loops, loop, codec());
        if (loops.isEpoll()) {
            bootstrap.option(EpollChannelOption.SO_REUSEPORT, true);
        }
        return bootstrap.bind(address).awaitUninterruptibly();
    }

    private ChannelHandler codec() {
        return QuicSockets.configured(new QuicServerCodecBuilder(), limits)
                .sslEngineProvider(channel -> tls.get().newEngine(channel.alloc()))
                .tokenHandler(tokens)
                .option(
                        QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                        QuicSockets.segments(loops))
                .handler(
                        new ChannelInitializer<QuicChannel>() {
                            @Override
                            protected void initChannel(QuicChannel channel) {
                                accepted.add(channel);
                                channel.pipeline().addLast(initializer);
                            }
                        })
                .streamHandler(AcceptedStreams.INSTANCE)
                .build();
    }

    /// Closes every connection, so that its peer knows, and the sockets.
    @Override
    public void close() {
        accepted.close().awaitUninterruptibly(GOODBYE_MILLIS);
        sockets.forEach(socket -> socket.close().awaitUninterruptibly(1000));
        sockets.clear();
    }
}
