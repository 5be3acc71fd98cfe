package dev.culvert.transport;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of streams this process may hold: received from one side, not yet written to the
/// other. One for all connections, since one reader that stops costs little and thousands do not.
///
/// | level | from | back below | a source may have outstanding |
/// |---|---|---|---|
/// | plenty | 0 | | its usual window |
/// | scarce | 1/2 | 3/8 | 64 KiB |
/// | tight | 3/4 | 5/8 | 16 KiB |
/// | exhausted | 9/10 | 8/10 | 16 KiB, and new streams are refused |
///
/// Bytes that are under way when a smaller window is announced still come, so this is a mark to steer
/// by, not a wall: by default half of the direct memory, which leaves room for them, for TLS records and
/// for what the allocator cannot use.
///
/// Thread-safe. The level may lag behind by one call of another thread.
public final class MemoryBudget {
    enum Level {
        PLENTY(0, 0, Integer.MAX_VALUE),
        SCARCE(20, 15, 64 * 1024),
        TIGHT(30, 25, 16 * 1024),
        EXHAUSTED(36, 32, 16 * 1024);

        /// In fortieths of the budget.
        private final int enter;

        private final int leave;
        private final int windowBytes;

        Level(int enter, int leave, int windowBytes) {
            this.enter = enter;
            this.leave = leave;
            this.windowBytes = windowBytes;
        }
    }

    private static final Level[] LEVELS = Level.values();
    private static final MemoryBudget PROCESS =
            new MemoryBudget(Math.max(1, PlatformDependent.maxDirectMemory() / 2));

    private final long bytes;
    private final AtomicLong held = new AtomicLong();
    private volatile Level level = Level.PLENTY;

    public MemoryBudget(long bytes) {
        this.bytes = bytes;
    }

    /// The budget of this process: half of `-XX:MaxDirectMemorySize`, which is `-Xmx` unless set.
    public static MemoryBudget process() {
        return PROCESS;
    }

    public long bytes() {
        return bytes;
    }

    /// Bytes held now.
    public long held() {
        return held.get();
    }

    /// True while new streams are to be refused.
    public boolean isExhausted() {
        return level() == Level.EXHAUSTED;
    }

    /// What a source may have outstanding now.
    ///
    /// @param usual when there is plenty
    public int window(int usual) {
        return Math.min(usual, level().windowBytes);
    }

    void take(int size) {
        held.addAndGet(size);
    }

    void give(int size) {
        held.addAndGet(-size);
    }

    Level level() {
        Level known = level;
        long fortieths = held.get() / Math.max(1, bytes / 40);
        Level now = known;
        while (now.ordinal() + 1 < LEVELS.length && fortieths >= LEVELS[now.ordinal() + 1].enter) {
            now = LEVELS[now.ordinal() + 1];
        }
        while (now != Level.PLENTY && fortieths < now.leave) {
            now = LEVELS[now.ordinal() - 1];
        }
        if (now != known) {
            level = now;
        }
        return now;
    }
}
