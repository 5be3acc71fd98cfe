package dev.culvert.edge.tunnel;

import java.util.concurrent.atomic.LongAdder;

/// Bytes that went through a connection. Thread-safe.
public final class Traffic {
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    public void received(int bytes) {
        received.add(bytes);
    }

    public void sent(int bytes) {
        sent.add(bytes);
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
