package dev.culvert.edge.audit;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.StateException;
import dev.culvert.transport.LogThrottle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down what happened: in the database, which counts, and as JSON lines in a copy for other
/// programs ([AuditLines]). One thread writes, all events that wait in one transaction.
///
/// # When it fails
///
/// Who asked with [#recorded] is told, and lets nobody in. Each batch is a new try, so it goes on by
/// itself once the database does. [#record] is for what happens anyway; what is lost of it is counted
/// and said in the program's log and in the next event that can be written. Lines that could not be copied,
/// or were lost by a crash, are copied from the database before the next one: some at a time, so that no event
/// waits for all of them.
///
/// Thread-safe. Asking never blocks.
public final class AuditLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
    private static final LogThrottle FAILURES = new LogThrottle(1, Duration.ofSeconds(10));
    static final int MAX_WAITING = 10_000;

    /// Places that are kept for [#recorded], so that what happens anyway keeps nobody out.
    static final int KEPT_FREE = 2000;

    private static final int BATCH = 1000;

    /// Lines are copied later in greater pieces than they are written, so that the copy comes closer.
    private static final int PIECE = 2 * BATCH;

    private final Database database;
    private final InstantSource clock;
    private final AuditLines lines;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Crowd crowd;
    private final LongAdder lost = new LongAdder();
    private final List<Consumer<AuditEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Thread writer;
    private volatile boolean closed;
    private volatile boolean failing;
    private volatile long lastId;

    /// Id of the newest event that is in the lines too. The writer's.
    private long copied;

    /// Whether more lines can be copied now. The writer's.
    private boolean isBehind;

    private record Waiting(AuditEvent event, CompletableFuture<Void> done) {}

    private static final Waiting CLOSING =
            new Waiting(
                    AuditEvent.of(AuditEvent.Kind.ADMIN, "edge", "closing").build(),
                    new CompletableFuture<>());

    public AuditLog(Database database, Path stateDirectory, InstantSource clock)
            throws StateException {
        this.database = database;
        this.clock = clock;
        this.crowd = new Crowd(clock);
        this.lines = new AuditLines(stateDirectory, clock);
        this.lastId = database.transaction(AuditTable::lastId);
        this.copied = copied();
        this.isBehind = copied < lastId;
        this.writer = Thread.ofPlatform().daemon().name("audit").unstarted(this::write);
    }

    /// Where nothing tells, the lines begin now.
    private long copied() {
        try {
            long last = lines.lastId();
            return last < 0 ? lastId : Math.min(last, lastId);
        } catch (IOException e) {
            log.warn("Audit lines cannot be read file={}", lines.file(), e);
            return lastId;
        }
    }

    public AuditLog start() {
        writer.start();
        return this;
    }

    /// Writes it down when possible.
    public void record(AuditEvent event) {
        if (closed
                || queue.remainingCapacity() <= KEPT_FREE
                || !queue.offer(new Waiting(event, new CompletableFuture<>()))) {
            lost.increment();
        }
    }

    /// Writes down what anybody can cause at will: when one network causes much of it, how much.
    ///
    /// @see Crowd
    public void recordOfAnybody(AuditEvent event) {
        if (crowd.admits(event)) {
            record(event);
        }
    }

    /// Writes down what was only counted. To be called each minute.
    public void maintain() {
        crowd.takeCounts().forEach(this::record);
    }

    /// Completes when the event is on the disk, exceptionally when it cannot be written.
    public CompletableFuture<Void> recorded(AuditEvent event) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (closed || !queue.offer(new Waiting(event, done))) {
            done.completeExceptionally(new IOException("the audit log is full or closed"));
        }
        return done;
    }

    /// Told of each event that was written, on the writing thread. Must be quick.
    public void onWritten(Consumer<AuditEvent> listener) {
        listeners.add(listener);
    }

    public void removeListener(Consumer<AuditEvent> listener) {
        listeners.remove(listener);
    }

    /// Whether the last try to write failed.
    public boolean isFailing() {
        return failing;
    }

    /// Id of the newest event that was written.
    public long lastId() {
        return lastId;
    }

    /// Blocking.
    public List<AuditEvent> find(AuditQuery query) throws StateException {
        return database.read(c -> AuditTable.find(c, query));
    }

    /// What is found, at the latest after a while; empty when nothing came. The query says `after`.
    /// Blocking.
    public List<AuditEvent> await(AuditQuery query, Duration patience)
            throws StateException, InterruptedException {
        Semaphore written = new Semaphore(0);
        Consumer<AuditEvent> listener = event -> written.release();
        long deadline = System.nanoTime() + patience.toNanos();
        long after = query.after() == null ? 0 : query.after();
        AuditQuery rest = query.piece(after, query.limit());
        onWritten(listener);
        try {
            while (true) {
                long seen = lastId;
                List<AuditEvent> found = find(rest);
                long left = deadline - System.nanoTime();
                if (!found.isEmpty()
                        || left <= 0
                        || !written.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                    return found;
                }
                written.drainPermits();
                rest = query.piece(Math.max(seen, after), query.limit());
            }
        } finally {
            removeListener(listener);
        }
    }

    /// Who asked for what since a moment, the most frequent first. Blocking.
    ///
    /// @param limit at most so many
    public List<RecordedAccess> accesses(Instant since, int limit) throws StateException {
        return database.read(c -> AuditTable.accesses(c, since, limit));
    }

    /// Forgets what is older. Blocking.
    public void prune(Duration kept) throws StateException {
        Instant before = clock.instant().minus(kept);
        database.transaction(c -> {
            AuditTable.prune(c, before);
            return true;
        });
        try {
            lines.prune(before);
        } catch (IOException e) {
            log.warn("Old audit lines cannot be deleted reason={}", e.toString());
        }
    }

    private void write() {
        List<Waiting> batch = new ArrayList<>();
        while (!closed || !queue.isEmpty() || isBehind) {
            batch.clear();
            try {
                if (!isBehind) {
                    batch.add(queue.take());
                }
            } catch (InterruptedException e) {
                continue;
            }
            queue.drainTo(batch, BATCH - batch.size());
            batch.removeIf(waiting -> waiting == CLOSING);
            if (!batch.isEmpty()) {
                write(batch);
            } else if (isBehind) {
                copy(List.of());
            }
        }
    }

    private void write(List<Waiting> batch) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long id = lastId;
        long missing = lost.sumThenReset();
        List<AuditEvent> events = new ArrayList<>();
        if (missing > 0) {
            events.add(
                    AuditEvent.of(AuditEvent.Kind.ADMIN, "edge", "events_lost")
                            .detail("events", missing)
                            .build()
                            .written(++id, now));
        }
        for (Waiting waiting : batch) {
            events.add(waiting.event().written(++id, now));
        }
        try {
            database.transaction(c -> {
                AuditTable.insert(c, events);
                return true;
            });
        } catch (StateException | RuntimeException e) {
            failed(batch, missing, e);
            return;
        }
        lastId = id;
        failing = false;
        batch.forEach(waiting -> waiting.done().complete(null));
        copy(events);
        events.forEach(this::tell);
    }

    private void tell(AuditEvent event) {
        for (Consumer<AuditEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                log.error("Listener for audit events failed", e);
            }
        }
    }

    private void failed(List<Waiting> batch, long missing, Exception cause) {
        failing = true;
        lost.add(missing + batch.size());
        if (FAILURES.permit() >= 0) {
            log.error("Audit events cannot be written: nobody new is let in", cause);
        }
        batch.forEach(waiting -> waiting.done().completeExceptionally(cause));
    }

    /// @param events what was written last, not copied yet
    private void copy(List<AuditEvent> events) {
        try {
            List<AuditEvent> next = copied + events.size() == lastId ? events : missing();
            if (next.isEmpty()) {
                // They are forgotten by now.
                copied = lastId;
            } else {
                lines.append(next);
                copied = next.getLast().id();
            }
            isBehind = copied < lastId;
        } catch (IOException | StateException e) {
            isBehind = false;
            if (FAILURES.permit() >= 0) {
                log.warn(
                        "Audit lines cannot be copied, and will be later file={} reason={}",
                        lines.file(),
                        e.toString());
            }
        }
    }

    /// Some of what could not be copied when it happened. Waits for no search.
    private List<AuditEvent> missing() throws StateException {
        return database.transaction(c -> AuditTable.find(c, AuditQuery.after(copied, PIECE)));
    }

    /// Writes what waits, then stops. Idempotent. Blocking.
    @Override
    public void close() {
        if (!closed) {
            maintain();
        }
        closed = true;
        // Wakes the writer when it waits; when the queue is full it does not.
        queue.offer(CLOSING);
        try {
            writer.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
