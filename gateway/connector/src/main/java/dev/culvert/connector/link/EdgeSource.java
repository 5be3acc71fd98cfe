package dev.culvert.connector.link;

import dev.culvert.transport.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/// Where the connections find their edges, and the way there.
///
/// Thread-safe; nothing here blocks.
public interface EdgeSource {
    /// The edge for the next attempt of a connection: another one than at its last attempt, if there is
    /// another.
    ///
    /// @return completed on `loop`; fails with an [EdgeProblem]
    Future<EdgeAddress> next(int connIndex, EventLoop loop);

    /// The edge last given to this connection accepted it.
    default void reached(int connIndex) {}

    /// Connects by TCP, through a proxy where one is wanted.
    ///
    /// @return completed on `loop`
    default Promise<Channel> open(
            Dialer dialer,
            EdgeAddress edge,
            Duration timeout,
            EventLoop loop,
            ChannelHandler initializer) {
        return dialer.dial(edge.host(), edge.port(), timeout, loop, initializer);
    }

    /// The local address to dial from, or null for the system's choice.
    default @Nullable InetAddress localAddress() {
        return null;
    }

    /// True when TCP to this edge goes through a proxy: then UDP does not get there.
    default boolean isProxied(EdgeAddress edge) {
        return false;
    }

    /// The same addresses for ever, connection i beginning at the i-th.
    static EdgeSource of(List<EdgeAddress> edges) {
        AtomicIntegerArray attempts = new AtomicIntegerArray(256);
        return (connIndex, loop) ->
                loop.newSucceededFuture(
                        edges.get(
                                (connIndex + attempts.getAndIncrement(connIndex)) % edges.size()));
    }
}
