package dev.culvert.transport.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for a condition that other threads bring about, with a deadline. Thread-safe.
public final class Eventually {
    private static final long DEADLINE_SECONDS = 30;

    private Eventually() {}

    public static void until(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE_SECONDS + " s: " + what.get());
            }
            LockSupport.parkNanos(500_000);
        }
    }

    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /// Waits until `value` has not changed for a while: for "nothing more comes". The time is short,
    /// so a test that relies on it can only miss a failure, never report a false one.
    public static long settled(Supplier<Number> value) {
        long last = value.get().longValue();
        long since = System.nanoTime();
        while (System.nanoTime() - since < 150_000_000L) {
            LockSupport.parkNanos(5_000_000);
            long now = value.get().longValue();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
        }
        return last;
    }
}
