package dev.culvert.connector.engine;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The idle connections to one origin, of every protocol together counted against one limit.
///
/// Those that speak HTTP/1.1 are kept here. They belong to the event loop they live on and to the name
/// their TLS was made for: a connection verified for one name serves no other.
///
/// Thread-safe; what is kept for a loop is confined to it.
final class IdleConnections {
    private final int limit;
    private final Duration timeout;
    private volatile boolean closed;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<EventLoop, Map<String, Deque<HttpOriginChannel>>> kept =
            new ConcurrentHashMap<>();

    /// @param limit connections, all loops together
    IdleConnections(int limit, Duration timeout) {
        this.limit = limit;
        this.timeout = timeout;
    }

    Duration timeout() {
        return timeout;
    }

    /// Counts one more.
    ///
    /// @return false when enough are idle
    boolean enter() {
        if (count.incrementAndGet() > limit || closed) {
            count.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        count.decrementAndGet();
    }

    /// Closes what is idle and keeps nothing from now on.
    void close() {
        closed = true;
        kept.keySet()
                .forEach(loop -> {
                    if (!loop.isShuttingDown()) {
                        loop.execute(() -> closeAll(loop));
                    }
                });
    }

    private void closeAll(EventLoop loop) {
        Map<String, Deque<HttpOriginChannel>> own = kept.get(loop);
        if (own != null) {
            for (Deque<HttpOriginChannel> channels : List.copyOf(own.values())) {
                List.copyOf(channels).forEach(HttpOriginChannel::close);
            }
        }
    }

    /// The one that was used last, or null.
    @Nullable HttpOriginChannel take(EventLoop loop, String name) {
        Map<String, Deque<HttpOriginChannel>> own = kept.get(loop);
        Deque<HttpOriginChannel> channels = own == null ? null : own.get(name);
        while (channels != null) {
            HttpOriginChannel channel = channels.peekLast();
            if (channel == null) {
                return null;
            }
            forget(channel, loop, name);
            if (channel.leaveIdle()) {
                return channel;
            }
        }
        return null;
    }

    /// Keeps a connection for the next stream, or closes it when enough are kept.
    void keep(HttpOriginChannel channel, EventLoop loop, String name) {
        if (!enter()) {
            channel.close();
            return;
        }
        kept.computeIfAbsent(loop, any -> new HashMap<>())
                .computeIfAbsent(name, any -> new ArrayDeque<>())
                .addLast(channel);
        channel.enterIdle(
                loop.schedule(
                        () -> {
                            if (forget(channel, loop, name)) {
                                channel.close();
                            }
                        },
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS),
                () -> forget(channel, loop, name));
    }

    private boolean forget(HttpOriginChannel channel, EventLoop loop, String name) {
        Map<String, Deque<HttpOriginChannel>> own = kept.get(loop);
        if (own == null) {
            return false;
        }
        Deque<HttpOriginChannel> channels = own.get(name);
        if (channels == null || !channels.remove(channel)) {
            return false;
        }
        count.decrementAndGet();
        if (channels.isEmpty()) {
            own.remove(name);
        }
        return true;
    }
}
