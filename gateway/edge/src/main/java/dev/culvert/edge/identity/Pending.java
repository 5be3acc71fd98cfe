package dev.culvert.edge.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the edge remembers between two requests of one browser: one value for each holder, for a while.
/// Kept in memory; the oldest makes room when there are too many.
///
/// Thread-safe.
public final class Pending<V> {
    private static final int MAX_LIVING = 10_000;

    private final InstantSource clock;
    private final Duration validity;
    private final LinkedHashMap<String, Kept<V>> kept = new LinkedHashMap<>();

    private record Kept<V>(V value, Instant until) {}

    public Pending(InstantSource clock, Duration validity) {
        this.clock = clock;
        this.validity = validity;
    }

    /// Replaces the holder's value, if there is one.
    ///
    /// @param holder name of the browser's attempt or session that nobody else can use
    public synchronized void put(String holder, V value) {
        kept.remove(holder);
        if (kept.size() >= MAX_LIVING) {
            kept.pollFirstEntry();
        }
        kept.put(holder, new Kept<>(value, clock.instant().plus(validity)));
    }

    public synchronized Optional<V> get(String holder) {
        return living(kept.get(holder));
    }

    /// Takes the value away, so that only one request gets it.
    public synchronized Optional<V> take(String holder) {
        return living(kept.remove(holder));
    }

    private Optional<V> living(@Nullable Kept<V> found) {
        return found != null && clock.instant().isBefore(found.until())
                ? Optional.of(found.value())
                : Optional.empty();
    }
}
