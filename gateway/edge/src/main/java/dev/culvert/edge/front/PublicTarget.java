package dev.culvert.edge.front;

import dev.culvert.edge.admission.Admission;
import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.admission.InBrowser;
import dev.culvert.edge.admission.Verdict;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.state.Directory;
import dev.culvert.edge.state.Route;
import dev.culvert.edge.tunnel.TunnelConnection;
import dev.culvert.edge.tunnel.TunnelRegistry;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
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
    private final @Nullable Admission admission;
    private final InBrowser inBrowser;
    private final Clients clients;
    private final Set<PublicExchange> exchanges = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    private static final String WITHDRAWN = "the route was withdrawn";

    /// @param maxStreams public streams open at a time, beyond it requests are answered 503
    /// @param admission null when there is no auth host: then only public routes are open
    /// @param inBrowser what the edge answers itself of what was let in
    public PublicTarget(
            Supplier<Directory> directory,
            TunnelRegistry registry,
            EdgeMetrics metrics,
            int maxStreams,
            PublicLimits limits,
            @Nullable Admission admission,
            InBrowser inBrowser) {
        this.directory = directory;
        this.registry = registry;
        this.metrics = metrics;
        this.maxStreams = maxStreams;
        this.limits = limits;
        this.admission = admission;
        this.inBrowser = inBrowser;
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

    /// Ends the streams that would not be let in now. To be called when sessions, rules or service tokens
    /// have changed, and twice a second: time windows end by themselves.
    public void review() {
        apply(directory.get());
    }

    private void check(PublicExchange exchange, Directory now) {
        Route was = exchange.route();
        if (was == null) {
            return;
        }
        Grant grant = exchange.grant();
        Route is = now.route(host(exchange.request()));
        if (is == null || !is.tunnelId().equals(was.tunnelId())) {
            exchange.revoke(is == null ? EdgeError.UNKNOWN_HOST : EdgeError.CLOSED, WITHDRAWN);
            return;
        }
        String why = admission == null ? null : admission.mayStay(exchange.request(), grant);
        if (why != null) {
            exchange.revoke(EdgeError.ACCESS_ENDED, why);
        } else if (grant == null && !is.isPublic()) {
            exchange.revoke(EdgeError.CLOSED, WITHDRAWN);
        }
    }

    /// The streams that were let in and are open, in no order.
    public List<OpenStream> streams() {
        List<OpenStream> open = new ArrayList<>();
        for (PublicExchange exchange : exchanges) {
            OpenStream stream = exchange.shown();
            if (stream != null) {
                open.add(stream);
            }
        }
        return open;
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
    public StreamTarget forClient(Visitor visitor) {
        return (request, caller, loop) -> open(request, caller, loop, visitor);
    }

    private StreamPeer open(
            StreamRequest request, StreamPeer caller, EventLoop loop, Visitor visitor) {
        PublicExchange exchange = new PublicExchange(this, request, caller, loop, visitor);
        exchange.start();
        return exchange;
    }

    @Nullable Admission admission() {
        return admission;
    }

    EdgeMetrics metrics() {
        return metrics;
    }

    /// Whether a request may go in, and where.
    ///
    /// @param mayOpen false when this client has too many streams
    Decision decide(StreamRequest request, boolean mayOpen, Visitor visitor, String requestId) {
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
        if (admission != null && visitor.unasked() && admission.wantsCertificate(request.host())) {
            return new Decision.Refuse(EdgeError.MISDIRECTED);
        }
        Route route = directory.get().route(host(request));
        boolean isAuthHost = admission != null && admission.isAuthHost(request.host());
        if (route == null && !isAuthHost) {
            return new Decision.Refuse(EdgeError.UNKNOWN_HOST);
        }
        // The one that asks is counted already.
        if (metrics.streams() > maxStreams || MemoryBudget.process().isExhausted()) {
            return new Decision.Refuse(EdgeError.OVERLOADED);
        }
        return decided(
                request,
                requestId,
                admission == null
                        ? new Verdict.Unprotected()
                        : admission.judge(request, visitor, requestId),
                route);
    }

    private Decision decided(
            StreamRequest request, String requestId, Verdict verdict, @Nullable Route route) {
        return switch (verdict) {
            case Verdict.Answer(StreamTarget by) -> new Decision.Answer(by);
            case Verdict.Later(CompletionStage<Verdict> later) ->
                    new Decision.Later(
                            later.thenApply(then -> decided(request, requestId, then, route)));
            case Verdict.Enter(Grant grant) ->
                    route == null
                            ? new Decision.Refuse(EdgeError.UNKNOWN_HOST)
                            : entered(request, requestId, route, grant);
            case Verdict.Unprotected() ->
                    route != null && route.isPublic()
                            ? new Decision.Forward(route, null)
                            : new Decision.Refuse(EdgeError.CLOSED);
        };
    }

    private Decision entered(StreamRequest request, String requestId, Route route, Grant grant) {
        StreamTarget here =
                InBrowser.isAnsweredHere(grant.application(), request)
                        ? inBrowser.target(request, grant, requestId)
                        : null;
        if (here != null) {
            return new Decision.Serve(route, grant, here);
        }
        if (grant.application().isOnlyRecorded()) {
            // What is forwarded is not recorded.
            return new Decision.Refuse(EdgeError.RECORDING_UNAVAILABLE);
        }
        return grant.application().isOnlyInBrowser()
                ? new Decision.Refuse(EdgeError.DESKTOP_UNAVAILABLE)
                : new Decision.Forward(route, grant);
    }

    @Nullable TunnelConnection choose(Route route, EventLoop loop, @Nullable TunnelConnection not) {
        return registry.choose(route.tunnelId(), loop, not);
    }

    sealed interface Decision {
        /// @param grant null when the route is public and in no application
        record Forward(Route route, @Nullable Grant grant) implements Decision {}

        /// Let in like one that is forwarded, and answered by the edge.
        record Serve(Route route, Grant grant, StreamTarget by) implements Decision {}

        record Answer(StreamTarget by) implements Decision {}

        record Later(CompletionStage<Decision> decision) implements Decision {}

        record Refuse(EdgeError error) implements Decision {}
    }
}
