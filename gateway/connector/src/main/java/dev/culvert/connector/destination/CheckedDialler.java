package dev.culvert.connector.destination;

import dev.culvert.plugin.DialSettings;
import dev.culvert.transport.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Dials destinations that clients chose. A name is resolved once, its addresses are judged by
/// [DestinationRules], and the very addresses that passed are dialled, in turn, IPv4 first, within one
/// time-out for everything: what a name server says later changes nothing.
///
/// Thread-safe; resolves and judges on virtual threads.
public final class CheckedDialler {
    /// Gives a name's addresses. Blocking: virtual threads only.
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private static final int MAX_ADDRESSES = 16;

    private final Dialer dialer;
    private final DestinationRules rules;
    private final OwnListeners own;
    private final Duration timeout;
    private final Resolver resolver;

    public CheckedDialler(
            Dialer dialer, DestinationRules rules, OwnListeners own, DialSettings settings) {
        this(dialer, rules, own, settings, CheckedDialler::resolve);
    }

    public CheckedDialler(
            Dialer dialer,
            DestinationRules rules,
            OwnListeners own,
            DialSettings settings,
            Resolver resolver) {
        this.dialer = dialer;
        this.rules = rules;
        this.own = own;
        this.timeout = settings.connectTimeout();
        this.resolver = resolver;
    }

    /// @param handler of the new channel; sharable, since several addresses may be tried
    /// @return completed on `loop`; fails with a [RefusedDestinationException] when no address is
    ///     permitted, otherwise with the error of the last address tried
    public Promise<Channel> dial(String host, int port, EventLoop loop, ChannelHandler handler) {
        long deadline = System.nanoTime() + timeout.toNanos();
        return Dialer.resolved(
                host,
                () -> permitted(host, port),
                timeout,
                loop,
                (permitted, result) ->
                        attempt(permitted, 0, port, deadline, loop, handler, result));
    }

    private List<InetAddress> permitted(String host, int port)
            throws UnknownHostException, RefusedDestinationException {
        List<InetAddress> permitted = new ArrayList<>();
        String refusal = "the name has no address";
        InetAddress[] found = resolver.resolve(host);
        Arrays.sort(found, Comparator.comparing(a -> a instanceof Inet4Address ? 0 : 1));
        for (InetAddress each : found) {
            // Without scope and name: what is judged is exactly what is dialled.
            InetAddress address = InetAddress.getByAddress(each.getAddress());
            String why = rules.refusal(address, port, own);
            if (why != null) {
                refusal = why;
            } else if (permitted.size() < MAX_ADDRESSES) {
                permitted.add(address);
            }
        }
        if (permitted.isEmpty()) {
            throw new RefusedDestinationException(refusal);
        }
        return permitted;
    }

    private void attempt(
            List<InetAddress> addresses,
            int index,
            int port,
            long deadline,
            EventLoop loop,
            ChannelHandler handler,
            Promise<Channel> result) {
        if (result.isDone()) {
            return;
        }
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        Promise<Channel> dialled =
                dialer.dial(addresses.get(index).getHostAddress(), port, left, loop, handler);
        dialled.addListener(done -> {
            if (done.isSuccess()) {
                if (!result.trySuccess(dialled.getNow())) {
                    dialled.getNow().close();
                }
            } else if (index + 1 < addresses.size() && System.nanoTime() < deadline) {
                attempt(addresses, index + 1, port, deadline, loop, handler, result);
            } else {
                result.tryFailure(done.cause());
            }
        });
    }

    /// `localhost` and everything below it is loopback (RFC 6761, section 6.3), as for the dialler of
    /// other services.
    private static InetAddress[] resolve(String host) throws UnknownHostException {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.equals("localhost") || lower.endsWith(".localhost")) {
            return new InetAddress[] {
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                InetAddress.getByAddress(
                        new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
            };
        }
        return InetAddress.getAllByName(host);
    }
}
