package dev.culvert.plugin.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The last 50 requests, and whoever watches them come: at most 64 watchers, each at most 64 entries
/// behind; a slower one misses entries. Thread-safe: one lock, held for bounded work without I/O.
final class RequestLog {
    static final int MAX_ENTRIES = 50;
    static final int MAX_WATCHERS = 64;
    private static final int MAX_BEHIND = MAX_ENTRIES + 14;

    private final ArrayDeque<String> entries = new ArrayDeque<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private boolean closed;

    /// One reader of the log. Used by one thread; close it to free its place.
    final class Watcher implements AutoCloseable {
        private final BlockingQueue<String> queue = new ArrayBlockingQueue<>(MAX_BEHIND);

        /// The next entry; null when none came in time.
        @Nullable String next(long millis) throws InterruptedException {
            return queue.poll(millis, TimeUnit.MILLISECONDS);
        }

        boolean ended() {
            synchronized (RequestLog.this) {
                return closed;
            }
        }

        @Override
        public void close() {
            synchronized (RequestLog.this) {
                watchers.remove(this);
            }
        }
    }

    /// @param entry JSON, one line
    synchronized void add(String entry) {
        if (entries.size() == MAX_ENTRIES) {
            entries.removeFirst();
        }
        entries.addLast(entry);
        for (Watcher watcher : watchers) {
            boolean _ = watcher.queue.offer(entry);
        }
    }

    /// A watcher that first gets the entries there are; null when there are too many watchers.
    synchronized @Nullable Watcher watch() {
        if (closed || watchers.size() >= MAX_WATCHERS) {
            return null;
        }
        Watcher watcher = new Watcher();
        watcher.queue.addAll(entries);
        watchers.add(watcher);
        return watcher;
    }

    /// Ends every watcher at its next turn.
    synchronized void close() {
        closed = true;
    }
}
