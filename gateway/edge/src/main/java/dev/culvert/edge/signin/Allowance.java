package dev.culvert.edge.signin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// How often something may be done for each of many names: some times at once, then one more each period
/// (token buckets). At most 50,000 names are remembered; beyond, those not used for longest are forgotten.
/// Thread-safe.
final class Allowance {
    private static final int MAX_NAMES = 50_000;

    private final int atOnce;
    private final Duration period;
    private final InstantSource clock;

    /// When each name's bucket will be full again.
    private final Map<String, Instant> full =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                    return size() > MAX_NAMES;
                }
            };

    Allowance(int atOnce, Duration period, InstantSource clock) {
        this.atOnce = atOnce;
        this.period = period;
        this.clock = clock;
    }

    /// Whether it may be done once more now; then it counts.
    synchronized boolean take(String name) {
        Instant now = clock.instant();
        Instant before = full.getOrDefault(name, now);
        Instant after = (before.isBefore(now) ? now : before).plus(period);
        if (after.isAfter(now.plus(period.multipliedBy(atOnce)))) {
            return false;
        }
        full.put(name, after);
        return true;
    }

    /// Forgets what was done.
    synchronized void clear(String name) {
        full.remove(name);
    }
}
