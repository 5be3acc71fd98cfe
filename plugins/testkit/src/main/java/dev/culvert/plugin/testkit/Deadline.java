package dev.culvert.plugin.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits of the suite. Everything that must happen has [#PATIENCE]; that something does *not* happen is
/// watched for [#QUIET]. Blocking.
final class Deadline {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration QUIET = Duration.ofMillis(400);

    private Deadline() {}

    static void await(String what, BooleanSupplier condition) {
        if (!within(PATIENCE, condition)) {
            throw new AssertionError("still not so after " + PATIENCE + ": " + what);
        }
    }

    /// For what no signal tells, such as a counter of another thread.
    static boolean within(Duration time, BooleanSupplier condition) {
        long end = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }
}
