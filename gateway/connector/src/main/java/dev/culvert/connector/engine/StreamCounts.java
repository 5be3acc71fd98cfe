package dev.culvert.connector.engine;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts of streams for `/metrics`. Thread-safe; counting takes no lock and allocates nothing but one
/// adder at the first answer of a status.
public final class StreamCounts {
    /// Upper bounds of the latency's buckets in milliseconds, as in cloudflared.
    private static final int[] BUCKETS = {1, 10, 25, 50, 100, 500, 1000, 5000};

    private static final int FIRST_STATUS = 100;
    private static final int STATUSES = 900;

    private final AtomicInteger open = new AtomicInteger();
    private volatile int mostOpen;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder byteStreams = new LongAdder();
    private final LongAdder byteStreamsOver = new LongAdder();
    private final LongAdder dialFailed = new LongAdder();
    private final LongAdder[] latencies = new LongAdder[BUCKETS.length + 1];
    private final LongAdder latencyMillis = new LongAdder();
    private final @Nullable LongAdder[] statuses = new LongAdder[STATUSES];

    public StreamCounts() {
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = new LongAdder();
        }
    }

    // ---- counting

    /// @return false when `limit` streams are open already; then nothing was counted
    boolean opened(int limit, boolean bytes) {
        int now = open.incrementAndGet();
        if (now > limit) {
            open.decrementAndGet();
            return false;
        }
        if (now > mostOpen) {
            // Of two at the same moment one may be lost: it is a high-water mark for people.
            mostOpen = now;
        }
        requests.increment();
        if (bytes) {
            byteStreams.increment();
        }
        return true;
    }

    void closed(boolean bytes) {
        open.decrementAndGet();
        if (bytes) {
            byteStreamsOver.increment();
        }
    }

    /// No answer of the origin.
    void failed(boolean bytes) {
        failed.increment();
        if (bytes) {
            dialFailed.increment();
        }
    }

    void answered(int status) {
        int index = status - FIRST_STATUS;
        if (index >= 0 && index < STATUSES) {
            LongAdder adder = statuses[index];
            if (adder == null) {
                synchronized (statuses) {
                    adder = statuses[index];
                    if (adder == null) {
                        adder = new LongAdder();
                        statuses[index] = adder;
                    }
                }
            }
            adder.increment();
        }
    }

    /// A byte service was reached.
    void connected(long nanos) {
        long millis = nanos / 1_000_000;
        int bucket = 0;
        while (bucket < BUCKETS.length && millis > BUCKETS[bucket]) {
            bucket++;
        }
        latencies[bucket].increment();
        latencyMillis.add(millis);
    }

    // ---- reading

    public int open() {
        return open.get();
    }

    public int mostOpen() {
        return mostOpen;
    }

    public long requests() {
        return requests.sum();
    }

    public long failed() {
        return failed.sum();
    }

    public long byteStreams() {
        return byteStreams.sum();
    }

    public long openByteStreams() {
        return Math.max(0, byteStreams.sum() - byteStreamsOver.sum());
    }

    public long dialFailed() {
        return dialFailed.sum();
    }

    public long latencyMillis() {
        return latencyMillis.sum();
    }

    /// Byte services reached within so many milliseconds, cumulative; the last bound is
    /// `Integer.MAX_VALUE` for all.
    public Map<Integer, Long> latencies() {
        Map<Integer, Long> all = new TreeMap<>();
        long sum = 0;
        for (int i = 0; i < latencies.length; i++) {
            sum += latencies[i].sum();
            all.put(i < BUCKETS.length ? BUCKETS[i] : Integer.MAX_VALUE, sum);
        }
        return all;
    }

    /// Answers by status, without those that never came.
    public Map<Integer, Long> statuses() {
        Map<Integer, Long> all = new TreeMap<>();
        for (int i = 0; i < STATUSES; i++) {
            LongAdder adder = statuses[i];
            if (adder != null) {
                all.put(FIRST_STATUS + i, adder.sum());
            }
        }
        return all;
    }
}
