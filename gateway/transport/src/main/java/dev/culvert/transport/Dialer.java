package dev.culvert.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Promise;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Opens TCP and Unix sockets on a given loop. Names are resolved on a virtual thread, never on the
/// loop; `localhost` and everything below it is loopback (RFC 6761, section 6.3). The addresses of a
/// name are tried as an [AddressRace] within one time-out for all of them: all at once staggered, or in
/// turn, IPv4 first.
///
/// Thread-safe.
public final class Dialer {
    private final EventLoops loops;

    public Dialer(EventLoops loops) {
        this.loops = loops;
    }

    /// Tries the addresses one after the other.
    ///
    /// @param initializer set up on each new channel before it connects
    /// @return completed on `loop`; fails with the error of the last address tried
    public Promise<Channel> dial(
            String host, int port, Duration timeout, EventLoop loop, ChannelHandler initializer) {
        return dial(host, port, timeout, false, loop, initializer);
    }

    /// @param race several addresses at a time (RFC 8305): `initializer` is then set up on channels too
    ///     that are closed again
    public Promise<Channel> dial(
            String host,
            int port,
            Duration timeout,
            boolean race,
            EventLoop loop,
            ChannelHandler initializer) {
        Promise<Channel> result = loop.newPromise();
        long deadline = System.nanoTime() + timeout.toNanos();
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            try {
                List<InetAddress> one = List.of(InetAddress.getByAddress(host, literal));
                attempt(one, port, deadline, race, loop, initializer, result);
            } catch (UnknownHostException e) {
                result.setFailure(e);
            }
            return result;
        }
        if (isLocalhost(host)) {
            attempt(loopback(), port, deadline, race, loop, initializer, result);
            return result;
        }
        return resolved(
                host,
                () -> {
                    List<InetAddress> resolved =
                            new ArrayList<>(Arrays.asList(InetAddress.getAllByName(host)));
                    return race ? AddressRace.ordered(resolved) : ipv4First(resolved);
                },
                timeout,
                loop,
                (addresses, promise) ->
                        attempt(addresses, port, deadline, race, loop, initializer, promise));
    }

    /// The addresses of a host, in the order to be tried. Blocking: called on a virtual thread.
    @FunctionalInterface
    public interface Resolution {
        List<InetAddress> addresses() throws Exception;
    }

    /// Resolves, and hands the addresses on. A resolution that does not end counts towards the time-out.
    ///
    /// @param host for the message
    /// @param then called on `loop` with the addresses and what is returned here, which it completes
    /// @return completed on `loop`; fails with what `resolution` threw
    public static Promise<Channel> resolved(
            String host,
            Resolution resolution,
            Duration timeout,
            EventLoop loop,
            BiConsumer<List<InetAddress>, Promise<Channel>> then) {
        Promise<Channel> result = loop.newPromise();
        var late =
                loop.schedule(
                        () ->
                                result.tryFailure(
                                        new ConnectTimeoutException(
                                                host + ": no answer within " + timeout)),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        result.addListener(done -> late.cancel(false));
        Thread.ofVirtual()
                .name("resolve-", 0)
                .start(() -> {
                    try {
                        List<InetAddress> addresses = resolution.addresses();
                        loop.execute(() -> then.accept(addresses, result));
                    } catch (Exception e) {
                        result.tryFailure(e);
                    }
                });
        return result;
    }

    /// Connects to one address; nothing is resolved, so it may be a name where a proxy in the pipeline takes
    /// it.
    ///
    /// @param bind source address, or null for the system's choice
    /// @return completed on `loop`
    public Promise<Channel> connect(
            InetSocketAddress remote,
            @Nullable InetAddress bind,
            Duration timeout,
            EventLoop loop,
            ChannelHandler initializer) {
        Bootstrap bootstrap = new Bootstrap().channel(loops.socketType()).disableResolver();
        if (bind != null) {
            bootstrap.localAddress(bind, 0);
        }
        Promise<Channel> result = loop.newPromise();
        connect(bootstrap, remote, timeout, loop, initializer)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        result.tryFailure(done.cause());
                    } else if (!result.trySuccess(((ChannelFuture) done).channel())) {
                        ((ChannelFuture) done).channel().close();
                    }
                });
        return result;
    }

    private static List<InetAddress> ipv4First(List<InetAddress> addresses) {
        addresses.sort(Comparator.comparing(a -> a instanceof Inet4Address ? 0 : 1));
        return addresses;
    }

    public Promise<Channel> dialUnix(
            Path path, Duration timeout, EventLoop loop, ChannelHandler initializer) {
        Promise<Channel> result = loop.newPromise();
        boolean nio = loops.unixSocketType().getName().contains(".nio.");
        SocketAddress address =
                nio ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path.toFile());
        connect(
                        new Bootstrap().channel(loops.unixSocketType()),
                        address,
                        timeout,
                        loop,
                        initializer)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        result.tryFailure(done.cause());
                    } else if (!result.trySuccess(((ChannelFuture) done).channel())) {
                        ((ChannelFuture) done).channel().close();
                    }
                });
        return result;
    }

    private void attempt(
            List<InetAddress> addresses,
            int port,
            long deadline,
            boolean race,
            EventLoop loop,
            ChannelHandler initializer,
            Promise<Channel> result) {
        new AddressRace(
                        addresses,
                        race,
                        deadline,
                        loop,
                        (address, time) ->
                                connect(
                                        new Bootstrap().channel(loops.socketType()),
                                        new InetSocketAddress(address, port),
                                        time,
                                        loop,
                                        initializer),
                        result)
                .start();
    }

    private static ChannelFuture connect(
            Bootstrap bootstrap,
            SocketAddress address,
            Duration timeout,
            EventLoop loop,
            ChannelHandler initializer) {
        bootstrap
                .group(loop)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis())))
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(initializer);
        if (address instanceof InetSocketAddress) {
            bootstrap
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true);
        }
        return bootstrap.connect(address);
    }

    /// Sets how often an idle connected TCP socket is probed; zero switches it off. Without epoll the
    /// interval is the system's.
    public static void keepAlive(Channel channel, Duration interval) {
        if (!(channel instanceof SocketChannel)) {
            return;
        }
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, !interval.isZero());
        if (channel instanceof EpollSocketChannel && !interval.isZero()) {
            int seconds = (int) Math.clamp(interval.toSeconds(), 1, 32_767);
            channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, seconds);
            channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, seconds);
        }
    }

    private static boolean isLocalhost(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals("localhost") || lower.endsWith(".localhost");
    }

    private static List<InetAddress> loopback() {
        try {
            return List.of(
                    InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}),
                    InetAddress.getByName("::1"));
        } catch (UnknownHostException e) {
            throw new AssertionError("literal addresses need no resolver", e);
        }
    }
}
