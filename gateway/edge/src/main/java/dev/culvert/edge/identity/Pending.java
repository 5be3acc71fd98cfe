package dev.culvert.edge.identity;

import dev.culvert.edge.web.Networks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What the edge remembers between two requests of somebody: one value for each holder, for a while. Kept in
/// memory.
///
/// Nobody can crowd others out: a network, an IPv4 address or an IPv6 /64, has a tenth of the places, and its
/// own oldest value makes room for its next. When there is no place at all, the network that has most gives
/// up its oldest.
///
/// Thread-safe.
public final class Pending<V> {
    private static final int NETWORKS = 10;

    private final InstantSource clock;
    private final Duration validity;
    private final int places;

    /// The first to expire first.
    private final SequencedMap<String, Kept<V>> kept = new LinkedHashMap<>();

    /// Holders of each network, likewise.
    private final SequencedMap<String, SequencedSet<String>> holders = new LinkedHashMap<>();

    private record Kept<V>(V value, String network, Instant until) {}

    /// @param places how many values there are at most
    public Pending(InstantSource clock, Duration validity, int places) {
        this.clock = clock;
        this.validity = validity;
        this.places = places;
    }

    /// Replaces the holder's value, if there is one.
    ///
    /// @param holder name of an attempt, a session or a key that nobody else can use
    /// @param address of who asks
    public synchronized void put(String holder, String address, V value) {
        remove(holder);
        removeExpired();
        String network = Networks.of(address);
        makeRoom(network);
        kept.put(holder, new Kept<>(value, network, clock.instant().plus(validity)));
        holders.computeIfAbsent(network, same -> new LinkedHashSet<>()).add(holder);
    }

    public synchronized Optional<V> get(String holder) {
        return living(kept.get(holder));
    }

    /// Takes the value away, so that only one request gets it.
    public synchronized Optional<V> take(String holder) {
        return living(remove(holder));
    }

    synchronized int size() {
        return kept.size();
    }

    private void makeRoom(String network) {
        SequencedSet<String> own = holders.get(network);
        if (own != null && own.size() >= Math.max(1, places / NETWORKS)) {
            remove(own.getFirst());
        } else if (kept.size() >= places) {
            holders.values().stream()
                    .max(Comparator.comparingInt(Collection::size))
                    .ifPresent(most -> remove(most.getFirst()));
        }
    }

    private void removeExpired() {
        Instant now = clock.instant();
        while (!kept.isEmpty() && !now.isBefore(kept.firstEntry().getValue().until())) {
            remove(kept.firstEntry().getKey());
        }
    }

    private @Nullable Kept<V> remove(String holder) {
        Kept<V> removed = kept.remove(holder);
        if (removed != null) {
            holders.computeIfPresent(
                    removed.network(),
                    (same, own) -> own.remove(holder) && own.isEmpty() ? null : own);
        }
        return removed;
    }

    private Optional<V> living(@Nullable Kept<V> found) {
        return found != null && clock.instant().isBefore(found.until())
                ? Optional.of(found.value())
                : Optional.empty();
    }
}
