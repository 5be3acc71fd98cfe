package dev.culvert.recording;

import dev.culvert.plugin.edge.Recorder.Mode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What one recording was given and has not written yet: at most 1 MiB, and all recordings together no more
/// than their [Memory]. What was taken out counts until it is written.
///
/// Full, it drops what comes and leaves an [Entry.Gap] in its place, or has whoever gives wait for room.
///
/// Thread-safe: the lock is never held while a disk is waited for.
final class Backlog {
    static final int MOST_BYTES = 1 << 20;

    /// Other recordings make room in the common memory without saying so here.
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Mode mode;
    private final Memory memory;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long held;
    private long taken;
    private long takenSince = -1;
    private Entry.@Nullable Gap gap;
    private boolean closed;

    /// @param patienceNanos how long whoever gives waits for room, where nothing may be dropped
    Backlog(Mode mode, Memory memory, long patienceNanos) {
        this.mode = mode;
        this.memory = memory;
        this.patienceNanos = patienceNanos;
    }

    /// Blocking where nothing may be dropped.
    ///
    /// @return false when there was no room in time there
    boolean give(Entry entry) {
        lock.lock();
        try {
            if (mode == Mode.REQUIRED) {
                return waited(entry);
            }
            Entry.Gap before = gap;
            if (!closed && !(before == null ? fits(entry) : fitsBehindGap(before, entry))) {
                drop(entry);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean waited(Entry entry) {
        long until = System.nanoTime() + patienceNanos;
        while (!closed && !fits(entry)) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                room.awaitNanos(Math.min(left, LOOK_AGAIN_NANOS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private boolean fits(Entry entry) {
        if (entry instanceof Entry.Bytes next
                && entries.peekLast() instanceof Entry.Bytes last
                && last.canTake(next)
                && hold(last.growth(next))) {
            last.take(next);
            return true;
        }
        return hold(entry.cost()) && entries.add(entry);
    }

    private boolean hold(int bytes) {
        if (held + bytes > MOST_BYTES || !memory.take(bytes)) {
            return false;
        }
        held += bytes;
        return true;
    }

    /// Takes the gap and what comes after it, once half of the room is free: a disk that is too slow makes few
    /// gaps, not one before each record.
    private boolean fitsBehindGap(Entry.Gap before, Entry entry) {
        if (held > MOST_BYTES / 2 || !hold(before.cost() + entry.cost())) {
            return false;
        }
        entries.add(before);
        gap = null;
        return entries.add(entry);
    }

    private void drop(Entry entry) {
        long bytes = entry instanceof Entry.Bytes content ? content.length() : 0;
        gap =
                gap == null
                        ? new Entry.Gap(entry.nanos(), entry.nanos(), bytes)
                        : new Entry.Gap(gap.nanos(), entry.nanos(), gap.bytes() + bytes);
    }

    /// What is to be written next, in order; what was taken before has been given back by [#written].
    ///
    /// @param most bytes, roughly
    List<Entry> take(int most) {
        lock.lock();
        try {
            List<Entry> next = new ArrayList<>();
            long cost = 0;
            while (!entries.isEmpty() && cost < most) {
                Entry entry = entries.remove();
                next.add(entry);
                cost += entry.cost();
            }
            if (entries.isEmpty() && gap != null) {
                next.add(gap);
                gap = null;
            }
            taken += cost;
            if (!next.isEmpty()) {
                takenSince = next.getFirst().nanos();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /// What was taken is written.
    void written() {
        lock.lock();
        try {
            letGo(taken);
            taken = 0;
            takenSince = -1;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void letGo(long bytes) {
        held -= bytes;
        memory.give(bytes);
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return entries.isEmpty() && gap == null;
        } finally {
            lock.unlock();
        }
    }

    /// When the oldest thing was given that is not written; -1 when everything is.
    long oldestNanos() {
        lock.lock();
        try {
            if (takenSince >= 0) {
                return takenSince;
            }
            Entry first = entries.peekFirst();
            return first != null ? first.nanos() : gap != null ? gap.nanos() : -1;
        } finally {
            lock.unlock();
        }
    }

    /// Takes nothing more; whoever waits goes on.
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Forgets everything. What is taken already stays with whoever has it.
    void clear() {
        lock.lock();
        try {
            closed = true;
            entries.clear();
            gap = null;
            letGo(held);
            taken = 0;
            takenSince = -1;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
