package dev.culvert.bench.cases;

import dev.culvert.bench.figures.Spread;
import java.util.Arrays;

/// Times that grow in number, in nanoseconds. Confined to one thread.
final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    void add(long took) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = took;
    }

    int count() {
        return count;
    }

    double millis(double part) {
        return Spread.percentile(Arrays.copyOf(nanos, count), part) / 1e6;
    }
}
