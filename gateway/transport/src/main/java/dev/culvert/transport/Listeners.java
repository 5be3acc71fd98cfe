package dev.culvert.transport;

import dev.culvert.plugin.HttpHandler;
import dev.culvert.transport.http1.Http1Front;
import dev.culvert.transport.http1.Http1Limits;
import dev.culvert.transport.quic.QuicListener;
import dev.culvert.transport.served.ServedTarget;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The listening sockets of a process and the connections they accepted.
///
/// Blocking; used by one thread.
public final class Listeners implements AutoCloseable {
    private final EventLoops loops;
    private final List<Channel> open = new ArrayList<>();
    private final List<QuicListener> quic = new ArrayList<>();
    private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    public Listeners(EventLoops loops) {
        this.loops = loops;
    }

    /// Listens.
    ///
    /// @param what for the message: `the public listener`
    /// @param initializer of accepted channels
    /// @return the address bound, with the port chosen when 0 was asked for
    /// @throws IOException with a message for the user
    public InetSocketAddress listen(
            String what, InetSocketAddress address, ChannelHandler initializer) throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .handler(new Accepting())
                        .childHandler(initializer)
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    what + " cannot listen on " + text(address) + ": " + reason(bound.cause()),
                    bound.cause());
        }
        open.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /// Listens for QUIC.
    ///
    /// @return the address bound, with the port chosen when 0 was asked for
    /// @throws IOException with a message for the user
    public InetSocketAddress listen(String what, InetSocketAddress address, QuicListener listener)
            throws IOException {
        ChannelFuture bound = listener.listen(address);
        if (!bound.isSuccess()) {
            throw new IOException(
                    what + " cannot listen on " + text(address) + ": " + reason(bound.cause()),
                    bound.cause());
        }
        quic.add(listener);
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /// Serves plain HTTP/1.1 with a handler: for metrics, readiness and administration on loopback.
    public InetSocketAddress serve(String what, InetSocketAddress address, HttpHandler handler)
            throws IOException {
        ServedTarget target = new ServedTarget(what, handler);
        return listen(
                what,
                address,
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                        Http1Front.addTo(channel.pipeline(), target, Http1Limits.PUBLIC);
                    }
                });
    }

    private static String text(InetSocketAddress address) {
        String host =
                address.getAddress() == null
                        ? address.getHostString()
                        : address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /// epoll's exceptions are not of the JDK's types, so the system's words decide.
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("already in use")) {
            return "the port is in use";
        }
        if (message.contains("assign requested address")) {
            return "this machine does not have that address";
        }
        if (message.contains("ermission denied")) {
            return "ports below 1024 need root or CAP_NET_BIND_SERVICE";
        }
        return message;
    }

    /// Closes the listening sockets; connections already accepted go on.
    public void stopAccepting() {
        open.forEach(channel -> channel.close().awaitUninterruptibly());
        open.clear();
    }

    /// Stops accepting and closes every connection; waits for at most a second.
    @Override
    public void close() {
        stopAccepting();
        quic.forEach(QuicListener::close);
        accepted.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    @ChannelHandler.Sharable
    private final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Channel channel) {
                accepted.add(channel);
            }
            ctx.fireChannelRead(message);
        }
    }
}
