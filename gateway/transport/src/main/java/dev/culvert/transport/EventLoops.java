package dev.culvert.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// The event loops of a process and the channel types that go with them: epoll where it is there, else
/// NIO. Thread-safe.
public final class EventLoops implements AutoCloseable {
    private final boolean epoll;
    private final EventLoopGroup group;

    /// @param threadName prefix of the loops' thread names
    /// @param count number of loops; 0 for one a processor
    public EventLoops(String threadName, int count) {
        epoll = Epoll.isAvailable();
        int loops = count > 0 ? count : Math.max(1, Runtime.getRuntime().availableProcessors());
        IoHandlerFactory io = epoll ? new QuietEpoll() : NioIoHandler.newFactory();
        group =
                new MultiThreadIoEventLoopGroup(
                        loops, new DefaultThreadFactory(threadName, true), io);
    }

    public EventLoopGroup group() {
        return group;
    }

    public EventLoop next() {
        return (EventLoop) group.next();
    }

    public Class<? extends Channel> socketType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    public Class<? extends Channel> unixSocketType() {
        return epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    public Class<? extends ServerChannel> listenerType() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public Class<? extends DatagramChannel> datagramType() {
        return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    /// Whether the channels are epoll's, which know more options than the JDK's.
    public boolean isEpoll() {
        return epoll;
    }

    /// Stops the loops; blocks for at most two seconds.
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
