package dev.culvert.recording;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that touch the disk of the recordings, and one that watches them. Nobody else does, so that
/// with a disk that hangs nothing hangs but these: one writes, four sign, four read for administrators.
///
/// Platform threads: a virtual one that hangs in a file would hold a carrier of all the others.
/// Thread-safe.
final class RecordingDisk implements Archive.Disk, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecordingDisk.class);
    private static final int SEALING = 4;
    private static final int READING = 4;
    private static final int MOST_READS = 64;
    private static final Duration TURN = Duration.ofMillis(250);

    private static final long HANGING_NANOS = TimeUnit.SECONDS.toNanos(2);

    /// As long as anybody waits for an answer of this disk.
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AppendedFile.Maker maker;
    private final InstantSource clock;
    private final Map<String, SessionRecorder> recorders = new ConcurrentHashMap<>();

    // Each recorder is in a queue once at most, so that the number of recorders bounds them.
    private final ThreadPoolExecutor writing = pool("recordings-writer", 1, Integer.MAX_VALUE);
    private final ThreadPoolExecutor sealing =
            pool("recordings-sealer", SEALING, Integer.MAX_VALUE);
    private final ThreadPoolExecutor reading = pool("recordings-reader", READING, MOST_READS);
    private final Thread watch =
            Thread.ofPlatform().daemon().name("recordings-watch").unstarted(this::watch);
    private volatile Consumer<Completed> completed = what -> {};
    private volatile long writingSince;
    private volatile boolean closed;

    RecordingDisk(AppendedFile.Maker maker, InstantSource clock) {
        this.maker = maker;
        this.clock = clock;
    }

    AppendedFile.Maker maker() {
        return maker;
    }

    RecordingDisk start() {
        watch.start();
        return this;
    }

    private static ThreadPoolExecutor pool(String name, int threads, int most) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(most),
                        Thread.ofPlatform().daemon().name(name + '-', 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    void add(SessionRecorder recorder) {
        recorders.put(recorder.id(), recorder);
    }

    void remove(SessionRecorder recorder) {
        recorders.remove(recorder.id());
        synchronized (recorders) {
            recorders.notifyAll();
        }
    }

    Collection<SessionRecorder> recorders() {
        return recorders.values();
    }

    @Nullable SessionRecorder recorder(String id) {
        return recorders.get(id);
    }

    void write(SessionRecorder recorder) {
        writing.execute(() -> {
            writingSince = System.nanoTime();
            try {
                recorder.write();
            } catch (RuntimeException e) {
                recorder.broken(e);
            } finally {
                writingSince = 0;
            }
        });
    }

    /// Whether the disk does not answer: nobody has to find that out again.
    boolean isHanging() {
        long since = writingSince;
        return since != 0 && System.nanoTime() - since > HANGING_NANOS;
    }

    /// Of each recording that has its end. Must be quick.
    void onComplete(Consumer<Completed> listener) {
        completed = listener;
    }

    void completed(Completed what) {
        completed.accept(what);
    }

    void seal(SessionRecorder recorder) {
        sealing.execute(() -> recorder.sealNow(clock.instant()));
    }

    void close(@Nullable Closeable file) {
        if (file != null) {
            sealing.execute(() -> {
                try {
                    file.close();
                } catch (IOException e) {
                    log.debug("File of a recording did not close", e);
                }
            });
        }
    }

    /// Has something read, or gives up.
    @Override
    public <T> T ask(Callable<T> work, Duration patience) throws IOException {
        Future<T> answer;
        try {
            answer = reading.submit(work);
        } catch (RejectedExecutionException e) {
            throw new IOException("the disk of the recordings does not answer", e);
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new IOException("the disk of the recordings does not answer", e);
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause
                    ? cause
                    : new IOException("the recordings could not be read", e.getCause());
        }
    }

    private void watch() {
        while (!closed) {
            for (SessionRecorder recorder : recorders.values()) {
                try {
                    recorder.watch();
                } catch (RuntimeException e) {
                    log.error("Recording could not be watched recording={}", recorder.id(), e);
                }
            }
            try {
                Thread.sleep(TURN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Ends every recording, and waits for that as long as for anything.
    @Override
    public void close() {
        recorders.values().forEach(SessionRecorder::close);
        awaitNone();
        if (!recorders.isEmpty()) {
            log.error(
                    "Recordings have no end: their disk does not answer count={}",
                    recorders.size());
        }
        closed = true;
        watch.interrupt();
        writing.shutdownNow();
        sealing.shutdownNow();
        reading.shutdownNow();
    }

    private void awaitNone() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        synchronized (recorders) {
            try {
                for (long left = PATIENCE.toNanos();
                        !recorders.isEmpty() && left > 0;
                        left = until - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(recorders, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
