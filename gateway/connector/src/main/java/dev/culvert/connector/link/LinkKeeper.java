package dev.culvert.connector.link;

import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one of the connector's connections: dials, and dials again with back-off when it ends.
///
/// ### Changing the protocol
///
/// While HTTP/2 is used because QUIC was not answered, a connection over QUIC is tried beside the one that
/// stands, with an index of its own ([#wireIndex]). Once it is registered the other one is drained.
///
/// Confined to its event loop, but for [#isRegistered] and [#isFinishing].
final class LinkKeeper implements Link.Events {
    private static final Logger log = LoggerFactory.getLogger(LinkKeeper.class);

    /// What the connector as a whole must know.
    interface Events {
        /// To be told what happens, for the operator.
        LinkStates states();

        void registered(LinkKeeper keeper);

        void lost(LinkKeeper keeper);

        /// The rules this connector has of its own, as JSON; empty to say nothing of them.
        String ownRules();

        /// Trying again is of no use before somebody changes the configuration, as far as this
        /// connection can tell.
        ///
        /// @return true to make no more attempts
        boolean hopeless(LinkKeeper keeper, LinkProblem problem);
    }

    private final int index;
    private final LinkSettings settings;
    private final Dialers dialers;
    private final EventLoop loop;
    private final StreamTarget streams;
    private final Events events;
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
    private @Nullable Link link;

    /// Silent, and kept until another one is registered, with the other index, or something is heard of it.
    private @Nullable Link failing;

    /// Over QUIC, beside `link` over HTTP/2, until one of them goes.
    private @Nullable Link successor;

    /// Finishing what still runs on them; their end, when it comes, is nothing to act upon.
    private final Set<Link> replaced = new HashSet<>();

    private @Nullable Future<?> nextLook;

    /// Whether `successor` is the one that tries for all connections.
    private boolean trying;

    /// 0 or 1: a link and its successor are two for the edge.
    private int slot;

    private volatile boolean registered;
    private volatile boolean finishing;
    private boolean everRegistered;
    private boolean stopping;

    LinkKeeper(
            int index,
            LinkSettings settings,
            Dialers dialers,
            EventLoop loop,
            StreamTarget streams,
            Events events) {
        this.index = index;
        this.settings = settings;
        this.dialers = dialers;
        this.loop = loop;
        this.streams = streams;
        this.events = events;
    }

    int index() {
        return index;
    }

    /// Thread-safe.
    boolean isRegistered() {
        return registered;
    }

    /// Whether streams may still run on links that were replaced. Thread-safe.
    boolean isFinishing() {
        return finishing;
    }

    void start(Duration delay) {
        loop.schedule(this::attempt, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void attempt() {
        if (isSettled()) {
            return;
        }
        settings.edges()
                .next(index, loop)
                .addListener((Future<EdgeAddress> found) -> {
                    if (isSettled()) {
                        return;
                    }
                    if (found.isSuccess()) {
                        dial(found.getNow());
                    } else {
                        again("failed", LinkProblem.of(found.cause()), Duration.ZERO);
                    }
                });
    }

    /// While an attempt waited for its time a successor may have taken the place.
    private boolean isSettled() {
        return stopping || link != null;
    }

    private void dial(EdgeAddress edge) {
        Protocol protocol = settings.protocol().current();
        if (protocol == Protocol.QUIC && settings.edges().isProxied(edge)) {
            if (!settings.protocol().isAutomatic()) {
                again("failed", LinkProblem.quicThroughProxy(edge), Duration.ZERO);
                return;
            }
            protocol = Protocol.HTTP2;
        }
        Link next = link(wireIndex(slot), edge, protocol);
        link = next;
        next.dial();
    }

    private Link link(int wireIndex, EdgeAddress edge, Protocol protocol) {
        return new Link(
                wireIndex,
                backoff.failures(),
                settings,
                edge,
                protocol,
                dialers,
                loop,
                streams,
                this);
    }

    private int wireIndex(int of) {
        return index + of * settings.connections();
    }

    @Override
    public void registered(Link which, ConnectionDetails details) {
        if (which == successor) {
            succeeded(which);
        }
        if (which.protocol() == Protocol.QUIC && settings.protocol().registeredQuic()) {
            log.info("QUIC comes through again, connections move to it");
        }
        registered = true;
        everRegistered = true;
        backoff.reset();
        settings.edges().reached(index);
        if (failing != null) {
            finish(failing);
            failing.giveUp();
            failing = null;
        }
        log.info(
                "Registered tunnel connection connIndex={} connection={} location={} edge={} protocol={}",
                index,
                details.uuid(),
                details.locationName(),
                which.edge(),
                which.protocol());
        events.states().registered(index, which.protocol().toString(), which.edge(), details);
        events.registered(this);
        if (index == 0 && !details.remotelyManaged()) {
            which.tellOwnRules(events.ownRules());
        }
        if (which.protocol() == Protocol.HTTP2 && settings.protocol().isAutomatic()) {
            lookForQuic();
        }
    }

    private void succeeded(Link which) {
        Link old = link;
        link = which;
        successor = null;
        trying = false;
        slot = 1 - slot;
        if (old != null) {
            finish(old);
            old.leave();
        }
    }

    private void finish(Link old) {
        replaced.add(old);
        finishing = true;
    }

    /// Looks again and again, while there is a link over HTTP/2, whether to try QUIC beside it.
    private void lookForQuic() {
        if (nextLook != null) {
            nextLook.cancel(false);
        }
        nextLook =
                loop.schedule(
                        this::look,
                        settings.protocol().lookEvery().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void look() {
        Link current = link;
        if (stopping || current == null || current.protocol() != Protocol.HTTP2) {
            return;
        }
        ProtocolChoice choice = settings.protocol();
        if (successor == null && !settings.edges().isProxied(current.edge())) {
            if (choice.current() == Protocol.QUIC) {
                succeed(current.edge());
            } else if (choice.beginTry(System.nanoTime())) {
                trying = true;
                succeed(current.edge());
            }
        }
        lookForQuic();
    }

    private void succeed(EdgeAddress edge) {
        Link next = link(wireIndex(1 - slot), edge, Protocol.QUIC);
        successor = next;
        next.dial();
    }

    @Override
    public void silent(Link which) {
        if (which != link || !registered || stopping) {
            return;
        }
        log.warn(
                "Tunnel connection silent, a new one takes its place connIndex={} edge={} silentFor={}s",
                index,
                which.edge(),
                settings.silentAfter().toSeconds());
        if (successor != null) {
            // It goes by the index that the next one needs.
            successor.close();
        }
        registered = false;
        link = null;
        failing = which;
        slot = 1 - slot;
        events.states().silent(index);
        events.lost(this);
        attempt();
    }

    @Override
    public void heardAgain(Link which) {
        ConnectionDetails details = which.details();
        if (which != failing || stopping || details == null) {
            return;
        }
        log.info("Tunnel connection heard again connIndex={} edge={}", index, which.edge());
        Link next = link;
        failing = null;
        link = which;
        slot = 1 - slot;
        registered = true;
        if (next != null) {
            finish(next);
            next.close();
        }
        backoff.reset();
        events.states().registered(index, which.protocol().toString(), which.edge(), details);
        events.registered(this);
        if (which.protocol() == Protocol.HTTP2 && settings.protocol().isAutomatic()) {
            lookForQuic();
        }
    }

    @Override
    public void ended(
            Link which,
            String reason,
            @Nullable ConnectionError refusal,
            @Nullable Throwable cause) {
        if (which == failing) {
            failing = null;
            return;
        }
        if (which == successor) {
            successor = null;
            if (trying) {
                trying = false;
                settings.protocol().tryFailed(System.nanoTime());
            }
            return;
        }
        if (which != link) {
            replaced.remove(which);
            finishing = !replaced.isEmpty();
            events.lost(this);
            return;
        }
        boolean was = registered;
        registered = false;
        link = null;
        if (was) {
            events.states().lost(index);
            events.lost(this);
        }
        if (refusal != null) {
            events.states().refused(refusal.cause());
        }
        if (stopping) {
            return;
        }
        LinkProblem problem = LinkProblem.of(which.edge(), reason, refusal, cause);
        if (problem.permanent() && !everRegistered && events.hopeless(this, problem)) {
            stopping = true;
            return;
        }
        if (which.protocol() == Protocol.QUIC && which.isUnanswered()) {
            if (settings.protocol().silent(System.nanoTime())) {
                log.warn(
                        "QUIC is not answered, connections use HTTP/2 and try QUIC again later edge={} reason=\"{}\"",
                        which.edge(),
                        problem.sentence());
            }
            if (settings.protocol().current() == Protocol.HTTP2) {
                attempt();
                return;
            }
        }
        again(
                was ? "lost" : "failed",
                problem,
                refusal == null ? Duration.ZERO : refusal.retryAfter());
    }

    private void again(String what, LinkProblem problem, Duration atLeast) {
        Duration wait = backoff.next(atLeast);
        log.warn(
                "Tunnel connection {} connIndex={} edge={} reason=\"{}\" retryIn={}ms",
                what,
                index,
                problem.edge(),
                problem.sentence(),
                wait.toMillis());
        start(wait);
    }

    /// Takes no more streams and makes no more attempts.
    void unregister() {
        loop.execute(() -> {
            stopping = true;
            if (link != null) {
                link.unregister();
            }
            if (failing != null) {
                failing.close();
            }
            if (successor != null) {
                successor.close();
            }
            List.copyOf(replaced).forEach(Link::unregister);
        });
    }

    /// Closes everything at once.
    void close() {
        loop.execute(() -> {
            stopping = true;
            if (link != null) {
                link.close();
            }
            if (failing != null) {
                failing.close();
            }
            if (successor != null) {
                successor.close();
            }
            List.copyOf(replaced).forEach(Link::close);
        });
    }
}
