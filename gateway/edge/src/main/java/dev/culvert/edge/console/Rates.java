package dev.culvert.edge.console;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How fast counters grow, from one look at them to the next.
///
/// Confined to one thread.
final class Rates {
    private static final int MOST = 10_000;

    private final LongSupplier nanos;
    private final Map<String, Sample> before = new HashMap<>();

    private record Sample(long at, long value) {}

    Rates(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// In units a second; 0 at the first look.
    double of(String id, String counter, long value) {
        if (before.size() > MOST) {
            // Of what is long gone.
            before.clear();
        }
        Sample now = new Sample(nanos.getAsLong(), value);
        Sample last = before.put(id + ' ' + counter, now);
        double seconds = last == null ? 0 : (now.at - last.at) / 1e9;
        return last == null || seconds <= 0 ? 0 : Math.max(0, (now.value - last.value) / seconds);
    }
}
