package dev.culvert.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Connects to one of several addresses of a name.
///
/// **As a race** (RFC 8305, section 5): the next address is tried when one has failed, or when
/// [#STAGGER] has passed without an answer; the first connection wins and the others are closed.
/// **In turn**: the next one is tried when one has failed; the time left is divided among those left,
/// but is at least [#LEAST] for each, so that an address that drops packets does not use it all up.
///
/// All addresses share one deadline. At most [#MAX_ADDRESSES] are tried. Confined to its event loop.
final class AddressRace {
    static final Duration STAGGER = Duration.ofMillis(250);
    static final Duration LEAST = Duration.ofSeconds(2);
    static final int MAX_ADDRESSES = 16;

    private final List<InetAddress> addresses;
    private final boolean race;
    private final long deadline;
    private final EventLoop loop;
    private final BiFunction<InetAddress, Duration, ChannelFuture> connect;
    private final Promise<Channel> result;
    private final List<ChannelFuture> underWay = new ArrayList<>(2);
    private @Nullable Future<?> stagger;
    private int next;

    /// @param addresses in the order in which they are tried, at least one
    /// @param deadline as of `System.nanoTime()`
    /// @param connect dials an address within a time
    /// @param result completed here; failing it elsewhere ends the race
    AddressRace(
            List<InetAddress> addresses,
            boolean race,
            long deadline,
            EventLoop loop,
            BiFunction<InetAddress, Duration, ChannelFuture> connect,
            Promise<Channel> result) {
        this.addresses = addresses.subList(0, Math.min(MAX_ADDRESSES, addresses.size()));
        this.race = race;
        this.deadline = deadline;
        this.loop = loop;
        this.connect = connect;
        this.result = result;
    }

    /// IPv6 first, then the families in turn (RFC 8305, section 4); within a family the resolver's order.
    static List<InetAddress> ordered(List<InetAddress> resolved) {
        Deque<InetAddress> six = new ArrayDeque<>();
        Deque<InetAddress> four = new ArrayDeque<>();
        resolved.forEach(address -> (address instanceof Inet6Address ? six : four).add(address));
        List<InetAddress> ordered = new ArrayList<>(resolved.size());
        while (!six.isEmpty() || !four.isEmpty()) {
            if (!six.isEmpty()) {
                ordered.add(six.remove());
            }
            if (!four.isEmpty()) {
                ordered.add(four.remove());
            }
        }
        return ordered;
    }

    /// Thread-safe.
    void start() {
        loop.execute(() -> {
            result.addListener(done -> closeTheOthers());
            tryNext();
        });
    }

    private void tryNext() {
        cancelStagger();
        if (next == addresses.size() || result.isDone()) {
            return;
        }
        ChannelFuture attempt = connect.apply(addresses.get(next), timeForNext());
        next++;
        underWay.add(attempt);
        if (race && next < addresses.size()) {
            stagger = loop.schedule(this::tryNext, STAGGER.toMillis(), TimeUnit.MILLISECONDS);
        }
        attempt.addListener(done -> ended(attempt));
    }

    private Duration timeForNext() {
        long left = Math.max(1_000_000, deadline - System.nanoTime());
        if (race) {
            return Duration.ofNanos(left);
        }
        long share = Math.max(LEAST.toNanos(), left / (addresses.size() - next));
        return Duration.ofNanos(Math.min(left, share));
    }

    private void ended(ChannelFuture attempt) {
        underWay.remove(attempt);
        if (attempt.isSuccess()) {
            if (!result.trySuccess(attempt.channel())) {
                attempt.channel().close();
            }
            return;
        }
        if (next < addresses.size() && System.nanoTime() < deadline) {
            tryNext();
        } else if (underWay.isEmpty()) {
            result.tryFailure(attempt.cause());
        }
    }

    private void closeTheOthers() {
        cancelStagger();
        // Their listeners see a result that is done already.
        for (ChannelFuture attempt : List.copyOf(underWay)) {
            attempt.channel().close();
        }
    }

    private void cancelStagger() {
        if (stagger != null) {
            stagger.cancel(false);
            stagger = null;
        }
    }
}
