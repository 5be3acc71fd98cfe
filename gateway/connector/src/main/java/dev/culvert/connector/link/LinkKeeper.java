package dev.culvert.connector.link;

import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one of the connector's connections: dials, and dials again with back-off when it ends.
///
/// Confined to its event loop, but for [#isRegistered].
final class LinkKeeper implements Link.Events {
    private static final Logger log = LoggerFactory.getLogger(LinkKeeper.class);

    /// What the connector as a whole must know.
    interface Events {
        /// To be told what happens, for the operator.
        LinkStates states();

        void registered(LinkKeeper keeper);

        void lost(LinkKeeper keeper);

        /// Trying again is of no use before somebody changes the configuration, as far as this
        /// connection can tell.
        ///
        /// @return true to make no more attempts
        boolean hopeless(LinkKeeper keeper, LinkProblem problem);
    }

    private final int index;
    private final LinkSettings settings;
    private final Dialer dialer;
    private final EventLoop loop;
    private final StreamTarget streams;
    private final Events events;
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
    private @Nullable Link link;

    /// Silent, and kept until its successor is registered.
    private @Nullable Link failing;

    private volatile boolean registered;
    private boolean everRegistered;
    private boolean stopping;

    LinkKeeper(
            int index,
            LinkSettings settings,
            Dialer dialer,
            EventLoop loop,
            StreamTarget streams,
            Events events) {
        this.index = index;
        this.settings = settings;
        this.dialer = dialer;
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

    void start(Duration delay) {
        loop.schedule(this::attempt, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void attempt() {
        if (stopping) {
            return;
        }
        settings.edges()
                .next(index, loop)
                .addListener((Future<EdgeAddress> found) -> {
                    if (stopping) {
                        return;
                    }
                    if (found.isSuccess()) {
                        dial(found.getNow());
                    } else {
                        again("failed", LinkProblem.of(found.cause()), Duration.ZERO);
                    }
                });
    }

    private void dial(EdgeAddress edge) {
        Link next = new Link(index, backoff.failures(), settings, edge, loop, streams, this);
        link = next;
        next.dial(dialer);
    }

    @Override
    public void registered(Link which, ConnectionDetails details) {
        registered = true;
        everRegistered = true;
        backoff.reset();
        settings.edges().reached(index);
        if (failing != null) {
            failing.retire();
        }
        log.info(
                "Registered tunnel connection connIndex={} connection={} location={} edge={} protocol=http2",
                index,
                details.uuid(),
                details.locationName(),
                which.edge());
        events.states().registered(index, "http2", which.edge(), details);
        events.registered(this);
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
        registered = false;
        link = null;
        failing = which;
        events.states().silent(index);
        events.lost(this);
        attempt();
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
        });
    }

    void close() {
        loop.execute(() -> {
            stopping = true;
            if (link != null) {
                link.close();
            }
            if (failing != null) {
                failing.close();
            }
        });
    }
}
