package dev.culvert.access;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// For how long a stream whose service is away is tried again while its local peer waits. Nothing of the peer was
/// read by then, so a new try repeats nothing.
///
/// Immutable.
///
/// @param within since the local peer connected
public record Patience(Duration within) {
    /// A first failure is final, as in cloudflared.
    public static final Patience NONE = new Patience(Duration.ZERO);

    private static final long FIRST_MILLIS = 250;
    private static final long LONGEST_MILLIS = 4_000;

    boolean covers(Problem problem, StreamMeter stream) {
        return problem.passing() && stream.ageNanos() < within.toNanos();
    }

    /// Full jitter: between a tenth of the step and the step, which doubles.
    ///
    /// @param tries that failed, from 1
    static Duration pause(int tries) {
        long step = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(tries - 1, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(step / 10, step + 1));
    }
}
