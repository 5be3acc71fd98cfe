package dev.culvert.edge.tunnel;

import java.util.concurrent.atomic.LongAdder;

/// Bytes that went through a connection, and how long a round trip takes on it. Thread-safe.
public final class Traffic {
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private volatile long roundTrip = -1;

    public void received(int bytes) {
        received.add(bytes);
    }

    public void sent(int bytes) {
        sent.add(bytes);
    }

    void roundTrip(long nanos) {
        roundTrip = nanos;
    }

    /// Of the last probe, to the connector's process and back, in nanoseconds; negative before the first.
    public long roundTripNanos() {
        return roundTrip;
    }

    /// From the connector.
    public long received() {
        return received.sum();
    }

    /// To the connector.
    public long sent() {
        return sent.sum();
    }
}
