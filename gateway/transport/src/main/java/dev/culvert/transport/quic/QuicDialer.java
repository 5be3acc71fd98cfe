package dev.culvert.transport.quic;

import dev.culvert.transport.EventLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.util.concurrent.Promise;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Dials QUIC connections, each from a UDP socket of its own. Thread-safe.
public final class QuicDialer {
    /// How long a handshake may take: cloudflared's, and enough to know that UDP does not come through.
    public static final Duration HANDSHAKE_WITHIN = Duration.ofSeconds(5);

    private final EventLoops loops;
    private final Duration within;

    public QuicDialer(EventLoops loops) {
        this(loops, HANDSHAKE_WITHIN);
    }

    /// @param within how long a handshake may take
    public QuicDialer(EventLoops loops, Duration within) {
        this.loops = loops;
        this.within = within;
    }

    /// @param bind the local address, or null for the system's choice
    /// @param serverName SNI and the name verified
    /// @param link added to the new connection
    /// @return completed on `loop` when the handshake is done
    public Promise<QuicChannel> dial(
            InetSocketAddress edge,
            @Nullable InetAddress bind,
            QuicSslContext tls,
            String serverName,
            QuicLimits limits,
            EventLoop loop,
            QuicLink link) {
        Promise<QuicChannel> result = loop.newPromise();
        Channel[] socket = new Channel[1];
        var codec =
                QuicSockets.configured(new QuicClientCodecBuilder(), limits)
                        .sslEngineProvider(channel ->
                                tls.newEngine(channel.alloc(), serverName, edge.getPort()))
                        .build();
        QuicSockets.bootstrap(loops, loop, codec)
                .bind(new InetSocketAddress(bind == null ? any(edge) : bind, 0))
                .addListener(bound -> {
                    if (!bound.isSuccess()) {
                        result.tryFailure(bound.cause());
                        return;
                    }
                    socket[0] = ((ChannelFuture) bound).channel();
                    connect(socket[0], edge, link, result);
                });
        var late =
                loop.schedule(
                        () -> {
                            result.tryFailure(
                                    new SocketTimeoutException(
                                            "no answer within "
                                                    + within.toSeconds()
                                                    + " s over UDP"));
                        },
                        within.toMillis(),
                        TimeUnit.MILLISECONDS);
        result.addListener(done -> {
            late.cancel(false);
            if (!done.isSuccess() && socket[0] != null) {
                socket[0].close();
            }
        });
        return result;
    }

    private static InetAddress any(InetSocketAddress edge) {
        try {
            return InetAddress.getByAddress(
                    edge.getAddress() instanceof Inet6Address ? new byte[16] : new byte[4]);
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal address needs no resolver", e);
        }
    }

    private void connect(
            Channel socket, InetSocketAddress edge, QuicLink link, Promise<QuicChannel> result) {
        QuicChannel.newBootstrap(socket)
                .handler(link)
                .streamHandler(AcceptedStreams.INSTANCE)
                .option(
                        QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                        QuicSockets.segments(loops))
                .remoteAddress(edge)
                .connect()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        result.tryFailure(done.cause());
                        return;
                    }
                    QuicChannel channel = (QuicChannel) done.getNow();
                    // The socket is this connection's alone.
                    channel.closeFuture().addListener(closed -> socket.close());
                    if (!result.trySuccess(channel)) {
                        channel.close();
                    }
                });
    }
}
