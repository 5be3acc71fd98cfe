package dev.culvert.connector.link;

import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.quic.QuicDialer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All connections of this connector. The first is dialled alone; once it is registered the others
/// follow one second apart, as cloudflared does, so that a wrong token is refused once.
///
/// Thread-safe.
public final class Connector implements LinkKeeper.Events, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);
    private static final Duration APART = Duration.ofSeconds(1);

    private final LinkSettings settings;
    private final List<LinkKeeper> keepers = new ArrayList<>();
    private final AtomicBoolean othersStarted = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<LinkProblem> hopeless = new CompletableFuture<>();
    private final CompletableFuture<Void> firstRegistered = new CompletableFuture<>();
    private final Object lost = new Object();
    private volatile Supplier<String> ownRules = () -> "";
    private final LinkStates states = new LinkStates();

    public Connector(LinkSettings settings, EventLoops loops, StreamTarget streams) {
        this.settings = settings;
        Dialers dialers = new Dialers(new Dialer(loops), quicDialer(settings, loops));
        for (int i = 0; i < settings.connections(); i++) {
            keepers.add(new LinkKeeper(i, settings, dialers, loops.next(), streams, this));
        }
    }

    private static QuicDialer quicDialer(LinkSettings settings, EventLoops loops) {
        LinkSettings.Quic quic = settings.quicSettings();
        return quic == null ? new QuicDialer(loops) : new QuicDialer(loops, quic.handshakeWithin());
    }

    public void start() {
        keepers.getFirst().start(Duration.ZERO);
    }

    /// Completes when the edge will never accept this connector as it is configured.
    public CompletableFuture<LinkProblem> hopeless() {
        return hopeless;
    }

    /// Completes with the first registration.
    public CompletableFuture<Void> firstRegistered() {
        return firstRegistered;
    }

    /// Connections registered now.
    public int registered() {
        int count = 0;
        for (LinkKeeper keeper : keepers) {
            if (keeper.isRegistered()) {
                count++;
            }
        }
        return count;
    }

    /// Connections there should be.
    public int wanted() {
        return settings.connections();
    }

    @Override
    public LinkStates states() {
        return states;
    }

    public boolean isStopping() {
        return stopping.get();
    }

    /// What the edge is told of this connector's own rules, by the first connection; nothing depends on
    /// it. Before [#start].
    ///
    /// @param json called on event loops: must not block
    public void tell(Supplier<String> json) {
        ownRules = json;
    }

    @Override
    public String ownRules() {
        return ownRules.get();
    }

    @Override
    public void registered(LinkKeeper keeper) {
        firstRegistered.complete(null);
        if (othersStarted.compareAndSet(false, true)) {
            for (LinkKeeper other : keepers) {
                if (other != keeper) {
                    other.start(APART.multipliedBy(other.index()));
                }
            }
        }
    }

    @Override
    public void lost(LinkKeeper keeper) {
        synchronized (lost) {
            lost.notifyAll();
        }
    }

    /// One registered connection proves that the edge and the token were right: then the others go on
    /// trying.
    @Override
    public boolean hopeless(LinkKeeper keeper, LinkProblem problem) {
        if (firstRegistered.isDone()) {
            return false;
        }
        hopeless.complete(problem);
        return true;
    }

    /// Drains: unregisters, waits until the edge has closed the connections (it does when their streams
    /// have ended) or the grace period is over, closes. Blocking.
    ///
    /// @param openStreams streams open now, for the log
    public void drain(IntSupplier openStreams) throws InterruptedException {
        stopping.set(true);
        log.info(
                "Draining connections={} streams={} gracePeriod={}s",
                registered(),
                openStreams.getAsInt(),
                settings.gracePeriod().toSeconds());
        keepers.forEach(LinkKeeper::unregister);
        if (!awaitNoneRegistered(settings.gracePeriod())) {
            log.warn("Grace period is over streamsCut={}", openStreams.getAsInt());
        }
        close();
    }

    private boolean awaitNoneRegistered(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        synchronized (lost) {
            while (registered() > 0 || keepers.stream().anyMatch(LinkKeeper::isFinishing)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(lost, left);
            }
        }
        return true;
    }

    @Override
    public void close() {
        stopping.set(true);
        keepers.forEach(LinkKeeper::close);
    }
}
