package dev.culvert.transport;

import java.time.Duration;

/// Keeps lines that a stranger can cause at will from filling a disk: so many a window, the rest are
/// counted. The next line let through says how many were left out.
///
/// Thread-safe.
public final class LogThrottle {
    private final int lines;
    private final long windowNanos;
    private long windowStart = System.nanoTime();
    private int used;
    private long suppressed;

    /// @param lines let through in each window
    public LogThrottle(int lines, Duration window) {
        this.lines = lines;
        this.windowNanos = window.toNanos();
    }

    /// Asks for one line.
    ///
    /// @return how many lines were left out since the last one let through, or -1 to leave this out too
    public synchronized long permit() {
        long now = System.nanoTime();
        if (now - windowStart >= windowNanos) {
            windowStart = now;
            used = 0;
        }
        if (used >= lines) {
            suppressed++;
            return -1;
        }
        used++;
        long left = suppressed;
        suppressed = 0;
        return left;
    }
}
