package dev.culvert.connector.dial;

import dev.culvert.connector.dial.EdgeOrder.Candidate;
import dev.culvert.connector.link.EdgeAddress;
import dev.culvert.connector.link.EdgeProblem;
import dev.culvert.connector.link.EdgeSource;
import dev.culvert.transport.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds edges by their names and SRV records, again before each attempt to connect; attempts within
/// [#FRESH] share one look-up. When names cannot be looked up, what was found last is used.
///
/// Names an edge proxy is used for are left to the proxy.
///
/// Thread-safe: look-ups run on a virtual thread, the turns of the connections are under one lock.
public final class EdgeFinder implements EdgeSource {
    private static final Logger log = LoggerFactory.getLogger(EdgeFinder.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration LOOK_UP_WITHIN = Duration.ofSeconds(10);
    private static final int HUNDREDTHS = 100;
    private static final int TURNS = 1000;

    private final EdgeSearch search;
    private final NameService names;
    private final int first;
    private final Map<Integer, Turns> turns = new HashMap<>();
    private volatile List<EdgeProblem> leftOut = List.of();
    private @Nullable CompletableFuture<EdgeOrder> underWay;
    private @Nullable EdgeOrder found;
    private long foundNanos;

    /// What one connection has tried since it was last registered.
    private static final class Turns {
        final Set<EdgeAddress> tried = new HashSet<>();
        @Nullable EdgeAddress last;
    }

    public EdgeFinder(EdgeSearch search, NameService names) {
        this(search, names, RandomGenerator.getDefault());
    }

    EdgeFinder(EdgeSearch search, NameService names, RandomGenerator random) {
        this.search = search;
        this.names = names;
        // Many connectors that ask one SRV record must not all begin at the same edge.
        this.first = search.service() == null ? 0 : random.nextInt(TURNS);
    }

    @Override
    public Promise<EdgeAddress> next(int connIndex, EventLoop loop) {
        Promise<EdgeAddress> result = loop.newPromise();
        lookUp().whenComplete((order, failure) -> {
            if (order != null) {
                result.trySuccess(turn(connIndex, order));
            } else {
                result.tryFailure(problem(failure));
            }
        });
        return result;
    }

    private synchronized EdgeAddress turn(int connIndex, EdgeOrder order) {
        Turns own = turns.computeIfAbsent(connIndex, index -> new Turns());
        List<EdgeAddress> all = order.forConnection(connIndex);
        EdgeAddress next = all.getFirst();
        boolean untried = false;
        for (EdgeAddress each : all) {
            if (!own.tried.contains(each)) {
                next = each;
                untried = true;
                break;
            }
        }
        if (!untried) {
            own.tried.clear();
        }
        own.tried.add(next);
        own.last = next;
        return next;
    }

    @Override
    public synchronized void reached(int connIndex) {
        Turns own = turns.get(connIndex);
        if (own != null && own.last != null) {
            own.tried.clear();
            own.tried.add(own.last);
        }
    }

    /// Edges that were named and could not be used at the last look-up.
    public List<EdgeProblem> leftOut() {
        return leftOut;
    }

    // ---- looking up

    private synchronized CompletableFuture<EdgeOrder> lookUp() {
        if (found != null && System.nanoTime() - foundNanos < FRESH.toNanos()) {
            return CompletableFuture.completedFuture(found);
        }
        CompletableFuture<EdgeOrder> known = underWay;
        if (known != null && !known.isDone()) {
            return known;
        }
        CompletableFuture<EdgeOrder> asked = new CompletableFuture<>();
        CompletableFuture<EdgeOrder> bounded =
                asked.orTimeout(LOOK_UP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                        .handle(this::remembered);
        underWay = bounded;
        Thread.ofVirtual()
                .name("edge-names")
                .start(() -> {
                    try {
                        asked.complete(EdgeOrder.of(candidates(), first));
                    } catch (IOException | RuntimeException e) {
                        asked.completeExceptionally(e);
                    }
                });
        return bounded;
    }

    private synchronized EdgeOrder remembered(
            @Nullable EdgeOrder order, @Nullable Throwable failure) {
        if (order != null) {
            found = order;
            foundNanos = System.nanoTime();
            return order;
        }
        EdgeOrder older = found;
        EdgeProblem problem = problem(failure);
        if (older == null) {
            throw new CompletionException(problem);
        }
        log.warn(
                "Edges cannot be looked up, those found before are used reason=\"{}\"",
                problem.getMessage());
        return older;
    }

    private EdgeProblem problem(@Nullable Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof EdgeProblem known) {
                return known;
            }
        }
        String what = search.toString();
        return new EdgeProblem(
                what,
                "no name server answers for "
                        + what
                        + " within "
                        + LOOK_UP_WITHIN.toSeconds()
                        + " s",
                "check the name servers of this machine, or edge-dns-server",
                failure == null ? new IOException("no answer") : failure);
    }

    private List<Candidate> candidates() throws IOException {
        Map<EdgeAddress, Candidate> all = new LinkedHashMap<>();
        List<EdgeProblem> problems = new ArrayList<>();
        for (EdgeTarget target : targets()) {
            try {
                for (Candidate each : resolved(target)) {
                    // A copy has a share of its own.
                    all.merge(
                            each.edge(),
                            each,
                            (one, other) ->
                                    new Candidate(
                                            one.rank(), one.weight() + other.weight(), one.edge()));
                }
            } catch (EdgeProblem e) {
                problems.add(e);
            }
        }
        leftOut = List.copyOf(problems);
        if (!problems.isEmpty() && all.isEmpty()) {
            throw problems.getLast();
        }
        problems.forEach(each ->
                log.debug("edge left out edge={} reason={}", each.edge(), each.getMessage()));
        return List.copyOf(all.values());
    }

    private List<EdgeTarget> targets() throws EdgeProblem {
        String service = search.service();
        if (service == null) {
            return search.edges();
        }
        try {
            return names.services(service);
        } catch (UnknownHostException e) {
            throw new EdgeProblem(
                    service,
                    "there is no SRV record " + service,
                    "give the domain's zone one, such as: "
                            + service
                            + " SRV 10 1 7844 HOST, or use --edge",
                    e);
        } catch (IOException e) {
            throw new EdgeProblem(
                    service,
                    "the SRV record " + service + " cannot be asked for: " + e.getMessage(),
                    "check the name servers of this machine, or edge-dns-server",
                    e);
        }
    }

    private List<Candidate> resolved(EdgeTarget target) throws EdgeProblem {
        int weight = Math.max(1, target.weight() * HUNDREDTHS);
        if (search.isProxied(target.host(), target.port())) {
            EdgeAddress edge = new EdgeAddress(target.host(), target.port());
            return List.of(new Candidate(2 * target.priority(), weight, edge));
        }
        List<InetAddress> addresses;
        try {
            addresses = names.addresses(target.host());
        } catch (UnknownHostException e) {
            throw new EdgeProblem(
                    target.toString(),
                    "the edge's name " + target.host() + " does not resolve",
                    "check --edge and the name server",
                    e);
        } catch (IOException e) {
            throw new EdgeProblem(
                    target.toString(),
                    "the edge's name " + target.host() + " cannot be resolved: " + e.getMessage(),
                    "check the name servers of this machine, or edge-dns-server",
                    e);
        }
        boolean literal = NetUtil.createByteArrayFromIpAddressString(target.host()) != null;
        IpVersion wanted =
                search.bind() != null
                        ? IpVersion.of(search.bind())
                        : literal ? IpVersion.AUTO : search.ipVersion();
        List<InetAddress> usable =
                addresses.stream().filter(each -> wanted.rank(each, addresses) >= 0).toList();
        if (usable.isEmpty()) {
            throw new EdgeProblem(
                    target.toString(),
                    "the edge " + target.host() + " has no " + wanted + " address",
                    search.bind() != null
                            ? "edge-bind-address decides the family: give one of the other"
                            : "give the name such an address, or change edge-ip-version",
                    new UnknownHostException(target.host()));
        }
        return usable.stream()
                .map(each -> {
                    int rank = wanted.rank(each, addresses);
                    long sharing =
                            usable.stream()
                                    .filter(other -> wanted.rank(other, addresses) == rank)
                                    .count();
                    return new Candidate(
                            2 * target.priority() + rank,
                            (int) Math.max(1, weight / sharing),
                            new EdgeAddress(target.host(), target.port(), each));
                })
                .toList();
    }

    // ---- getting there

    @Override
    public Promise<Channel> open(
            Dialer dialer,
            EdgeAddress edge,
            Duration timeout,
            EventLoop loop,
            ChannelHandler initializer) {
        EdgeProxy proxy = search.proxy();
        if (proxy != null && isProxied(edge)) {
            return new ProxiedDial(proxy, names, search.bind())
                    .open(dialer, edge, timeout, loop, initializer);
        }
        InetAddress ip = edge.ip();
        return ip == null
                ? dialer.dial(edge.host(), edge.port(), timeout, loop, initializer)
                : dialer.connect(
                        new InetSocketAddress(ip, edge.port()),
                        search.bind(),
                        timeout,
                        loop,
                        initializer);
    }

    @Override
    public @Nullable InetAddress localAddress() {
        return search.bind();
    }

    @Override
    public boolean isProxied(EdgeAddress edge) {
        return search.isProxied(edge.host(), edge.port());
    }
}
