package dev.culvert.access;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What one stream of a local port has carried, and how fast it came up.
///
/// Thread-safe: written by the I/O thread with plain additions and opaque stores (no fence, no lock),
/// read by any thread, which may see a count some instructions late.
public final class StreamMeter {
    private final long number;
    private final String from;
    private final long started = System.nanoTime();
    private final AtomicInteger attempts = new AtomicInteger(1);
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();

    // Nanoseconds, 0 until known.
    private final AtomicLong openedAfter = new AtomicLong();
    private final AtomicLong firstByteAfter = new AtomicLong();
    private final AtomicLong roundTrip = new AtomicLong();

    /// @param number from 1, unique in its port
    /// @param from the local peer's address
    StreamMeter(long number, String from) {
        this.number = number;
        this.from = from;
    }

    void sent(int bytes) {
        up.setOpaque(up.getPlain() + bytes);
    }

    void delivered(int bytes) {
        if (down.getPlain() == 0) {
            firstByteAfter.setOpaque(System.nanoTime() - started - openedAfter.getPlain());
        }
        down.setOpaque(down.getPlain() + bytes);
    }

    void opened() {
        openedAfter.setOpaque(Math.max(1, System.nanoTime() - started));
    }

    void answered(long nanos) {
        roundTrip.setOpaque(nanos);
    }

    /// Counts one more try to come up.
    ///
    /// @return tries so far, without the new one
    int tryAgain() {
        return attempts.getAndIncrement();
    }

    /// From 1, unique in its port.
    public long number() {
        return number;
    }

    /// The local peer, `host:port`.
    public String from() {
        return from;
    }

    /// Bytes from the local peer to the service.
    public long up() {
        return up.getOpaque();
    }

    /// Bytes of the service that were handed to the local peer.
    public long down() {
        return down.getOpaque();
    }

    public int attempts() {
        return attempts.get();
    }

    public long ageNanos() {
        return System.nanoTime() - started;
    }

    public boolean isOpen() {
        return openedAfter.getOpaque() > 0;
    }

    /// From the accepted connection to the stream that stands: connecting, TLS and the way to the origin, with
    /// all tries. 0 before.
    public long openedAfterNanos() {
        return openedAfter.getOpaque();
    }

    /// From then to the service's first byte. 0 before.
    public long firstByteAfterNanos() {
        return firstByteAfter.getOpaque();
    }

    /// The last ping's way to the connector and back. 0 when none was answered; see [Listener#watch].
    public long roundTripNanos() {
        return roundTrip.getOpaque();
    }
}
