package dev.culvert.gateway.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for conditions, each with a deadline. Blocking.
final class Waiting {
    static final Duration LONG = Duration.ofSeconds(30);

    /// What "within a second" allows on a busy machine: the second, and the time to look.
    static final Duration SECOND = Duration.ofMillis(2500);

    private Waiting() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, LONG, condition);
    }

    static void until(String what, Duration within, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "not within " + within.toMillis() + " ms (expected: " + what + ")");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }
}
