package dev.culvert.bench.cases;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// Keys that are pressed ten milliseconds apart and come back. Stateless.
final class Typing {
    private static final long PAUSE_NANOS = 10_000_000;

    private Typing() {}

    /// Presses one key and waits until it is back.
    @FunctionalInterface
    interface Echo {
        void press(int key) throws IOException;
    }

    /// @param echo given keys from 1
    static Latencies during(long nanos, Echo echo) throws IOException {
        Latencies latencies = new Latencies();
        long deadline = System.nanoTime() + nanos;
        for (int key = 1; System.nanoTime() - deadline < 0; key++) {
            long sent = System.nanoTime();
            echo.press(key);
            long took = System.nanoTime() - sent;
            latencies.add(took);
            LockSupport.parkNanos(Math.max(0, PAUSE_NANOS - took));
        }
        return latencies;
    }
}
