package dev.culvert.edge.front;

import dev.culvert.edge.state.Directory;
import dev.culvert.edge.state.Route;
import dev.culvert.edge.tunnel.TunnelConnection;
import dev.culvert.edge.tunnel.TunnelRegistry;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where every public request goes: finds its route, decides, chooses a connection of the tunnel.
///
/// Thread-safe: the directory is a snapshot, nothing here blocks.
public final class PublicTarget {
    /// Calls of [#tick] in a stall timeout.
    public static final int TICKS_TO_STALL = StallWatch.TICKS;

    private final Supplier<Directory> directory;
    private final TunnelRegistry registry;
    private final EdgeMetrics metrics;
    private final int maxStreams;
    private final PublicLimits limits;
    private final Clients clients;
    private final Set<PublicExchange> exchanges = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /// @param maxStreams public streams open at a time, beyond it requests are answered 503
    public PublicTarget(
            Supplier<Directory> directory,
            TunnelRegistry registry,
            EdgeMetrics metrics,
            int maxStreams,
            PublicLimits limits) {
        this.directory = directory;
        this.registry = registry;
        this.metrics = metrics;
        this.maxStreams = maxStreams;
        this.limits = limits;
        this.clients = new Clients(limits.clientConnections(), limits.clientStreams());
    }

    PublicLimits limits() {
        return limits;
    }

    Clients clients() {
        return clients;
    }

    /// To be called [#TICKS_TO_STALL] times in the stall timeout: ends the streams whose client has not
    /// moved for so long.
    public void tick() {
        exchanges.forEach(PublicExchange::tick);
    }

    /// New requests are answered 503 from here on.
    public void drain() {
        draining = true;
    }

    /// Ends the streams that the new directory no longer lets in: of routes that were removed, closed or
    /// led elsewhere.
    public void apply(Directory now) {
        exchanges.forEach(exchange -> check(exchange, now));
    }

    private static void check(PublicExchange exchange, Directory now) {
        Route was = exchange.route();
        Route is = now.route(host(exchange.request()));
        if (was != null
                && (is == null || !is.isPublic() || !is.tunnelId().equals(was.tunnelId()))) {
            exchange.revoke(is == null ? EdgeError.UNKNOWN_HOST : EdgeError.CLOSED);
        }
    }

    /// From here on [#apply] and [#tick] know the exchange.
    void opened(PublicExchange exchange) {
        exchanges.add(exchange);
    }

    /// Once it was let in: the directory may have changed since the decision.
    void check(PublicExchange exchange) {
        check(exchange, directory.get());
    }

    void closed(PublicExchange exchange) {
        exchanges.remove(exchange);
    }

    private static String host(StreamRequest request) {
        String host = request.host();
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /// The target for the requests of one client connection.
    ///
    /// @param client the user's address, without port
    public StreamTarget forClient(String client) {
        return (request, caller, loop) -> open(request, caller, loop, client);
    }

    private StreamPeer open(
            StreamRequest request, StreamPeer caller, EventLoop loop, String client) {
        PublicExchange exchange = new PublicExchange(this, request, caller, loop, client);
        exchange.start();
        return exchange;
    }

    EdgeMetrics metrics() {
        return metrics;
    }

    /// Whether a request may go in, and where.
    ///
    /// @param mayOpen false when this client has too many streams
    Decision decide(StreamRequest request, boolean mayOpen) {
        if (draining) {
            return new Decision.Refuse(EdgeError.DRAINING);
        }
        if (!mayOpen) {
            return new Decision.Refuse(EdgeError.TOO_MANY_STREAMS);
        }
        if (request.path().length() > limits.uriBytes()) {
            return new Decision.Refuse(EdgeError.ADDRESS_TOO_LONG);
        }
        if (request.headers().size() > limits.headerCount()) {
            return new Decision.Refuse(EdgeError.TOO_MANY_FIELDS);
        }
        Route route = directory.get().route(host(request));
        if (route == null) {
            return new Decision.Refuse(EdgeError.UNKNOWN_HOST);
        }
        if (!route.isPublic()) {
            return new Decision.Refuse(EdgeError.CLOSED);
        }
        // The one that asks is counted already.
        if (metrics.streams() > maxStreams || MemoryBudget.process().isExhausted()) {
            return new Decision.Refuse(EdgeError.OVERLOADED);
        }
        return new Decision.Forward(route);
    }

    @Nullable TunnelConnection choose(Route route, EventLoop loop, @Nullable TunnelConnection not) {
        return registry.choose(route.tunnelId(), loop, not);
    }

    sealed interface Decision {
        record Forward(Route route) implements Decision {}

        record Refuse(EdgeError error) implements Decision {}
    }
}
