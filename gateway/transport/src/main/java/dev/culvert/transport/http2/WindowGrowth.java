package dev.culvert.transport.http2;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Finds how large the receive window of streams has to be for this connection's delay: twice what comes at
/// the measured rate within its shortest round trip. A window that is too small lets one window a round
/// trip through, so it doubles until it is not; on a short way it never grows, however busy the ends are.
///
/// Round trips are measured with PINGs while bytes come, at most one each [#EVERY]. The window never shrinks
/// here; the process's memory budget does that.
///
/// Confined to its connection's event loop.
final class WindowGrowth {
    static final Duration EVERY = Duration.ofMillis(50);

    private final Runnable ping;
    private final int largest;
    private final LongSupplier clock;
    private int window;
    private long sample;
    private boolean measuring;
    private long sentNanos;
    private long shortestNanos = Long.MAX_VALUE;

    /// @param start bytes, the window there is
    /// @param largest bytes; not more than `start` for no growth
    /// @param clock nanoseconds
    /// @param ping sends the PING whose acknowledgement is told by [#acknowledged]
    WindowGrowth(int start, int largest, LongSupplier clock, Runnable ping) {
        this.window = start;
        this.largest = largest;
        this.clock = clock;
        this.ping = ping;
        this.sentNanos = clock.getAsLong() - EVERY.toNanos();
    }

    /// Bytes: the window to announce.
    int window() {
        return window;
    }

    /// Bytes of bodies have come.
    void received(int bytes) {
        if (window >= largest) {
            return;
        }
        if (measuring) {
            sample += bytes;
            return;
        }
        long now = clock.getAsLong();
        if (now - sentNanos >= EVERY.toNanos()) {
            sentNanos = now;
            measuring = true;
            sample = 0;
            ping.run();
        }
    }

    /// The PING has come back.
    ///
    /// @return true when the window has grown
    boolean acknowledged() {
        if (!measuring) {
            return false;
        }
        measuring = false;
        long took = Math.max(1, clock.getAsLong() - sentNanos);
        shortestNanos = Math.min(shortestNanos, took);
        double needed = 2.0 * sample * shortestNanos / took;
        if (needed <= window) {
            return false;
        }
        window = (int) Math.min(largest, needed);
        return true;
    }
}
