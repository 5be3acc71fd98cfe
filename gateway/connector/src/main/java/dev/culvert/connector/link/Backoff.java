package dev.culvert.connector.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Full jitter: the wait before attempt n is uniform in [0, min(longest, first × 2^n)), so that many
/// connectors that lost one edge do not return in the same moment.
///
/// Not thread-safe.
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);

    /// Most an edge can make us wait.
    static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }

    /// The wait before the next attempt, at least `atLeast` or [#LONGEST_ASKED], if that is less.
    Duration next(Duration atLeast) {
        long bound = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failures, 10));
        failures++;
        Duration asked = atLeast.compareTo(LONGEST_ASKED) < 0 ? atLeast : LONGEST_ASKED;
        return asked.plusMillis(random.nextLong(bound));
    }
}
