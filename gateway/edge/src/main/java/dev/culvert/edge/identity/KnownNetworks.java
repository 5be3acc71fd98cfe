package dev.culvert.edge.identity;

import dev.culvert.edge.web.Networks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// From which networks each account was signed in to, for thirty days: what strangers do elsewhere must not
/// keep its owner out there. Kept in memory, at most 50,000; beyond, those not used for longest are forgotten.
///
/// Thread-safe.
public final class KnownNetworks {
    private static final int MAX_ENTRIES = 50_000;
    private static final Duration MEMORY = Duration.ofDays(30);

    private final InstantSource clock;
    private final Map<String, Instant> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                    return size() > MAX_ENTRIES;
                }
            };

    public KnownNetworks(InstantSource clock) {
        this.clock = clock;
    }

    /// Somebody has got into the account from there.
    public synchronized void add(String account, String address) {
        known.put(pair(account, address), clock.instant());
    }

    public synchronized boolean has(String account, String address) {
        Instant since = known.get(pair(account, address));
        return since != null && since.plus(MEMORY).isAfter(clock.instant());
    }

    synchronized int size() {
        return known.size();
    }

    /// The account as tried from one network.
    public static String pair(String account, String address) {
        return Networks.of(address) + " " + account;
    }
}
