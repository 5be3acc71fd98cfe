package dev.culvert.transport.http2;

import java.time.Duration;

/// Finds how large the receive window of streams has to be for this connection's delay: what arrives within
/// one round trip, twice. Round trips are measured with PINGs while bytes come, at most one each
/// [#EVERY].
///
/// The window never shrinks here; the process's memory budget does that.
///
/// Confined to its connection's event loop.
final class WindowGrowth {
    static final Duration EVERY = Duration.ofMillis(50);

    private final Runnable ping;
    private final int largest;
    private int window;
    private long sample;
    private boolean measuring;
    private long lastNanos;

    /// @param start bytes, the window there is
    /// @param largest bytes, 0 for no growth
    /// @param ping sends the PING whose acknowledgement is told by [#acknowledged]
    WindowGrowth(int start, int largest, Runnable ping) {
        this.window = start;
        this.largest = largest;
        this.ping = ping;
        this.lastNanos = System.nanoTime() - EVERY.toNanos();
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
        long now = System.nanoTime();
        if (now - lastNanos >= EVERY.toNanos()) {
            lastNanos = now;
            measuring = true;
            sample = bytes;
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
        if (sample * 3 < window * 2L) {
            return false;
        }
        window = (int) Math.min(largest, Math.max(window, sample * 2));
        return true;
    }
}
