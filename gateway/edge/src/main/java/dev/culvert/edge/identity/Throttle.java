package dev.culvert.edge.identity;

import dev.culvert.edge.web.Networks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes guessing slow without locking anybody out.
///
/// Failures are counted three times; after a few free ones each further one doubles the time until the
/// next try is looked at:
///
/// | counted for | free | first wait | longest wait |
/// |---|---|---|---|
/// | one account from one network | 5 | 2 s | 15 min |
/// | one network, whatever account | 30 | 2 s | 15 min |
/// | one account, from everywhere | 50 | 2 s | 1 min |
///
/// The last one slows guessing from many networks. A network from which somebody has got into the
/// account before does not wait for it, so the owner at home is not kept out by a stranger; and who has
/// a passkey never waits, since there is nothing to guess. A network is an IPv4 address or an IPv6 /64.
///
/// A try counts as failed from its beginning until it has succeeded, so that many at once are not many
/// free ones. Accounts that do not exist are counted like others. Counts are forgotten after a day
/// without failures, when the process ends, and, the longest untouched first, when there are too many.
///
/// Thread-safe.
public final class Throttle {
    private static final Duration MEMORY = Duration.ofDays(1);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    static final int MAX_ENTRIES = 50_000;

    private final InstantSource clock;
    private final Map<String, Failures> pairs = new Recent<>();
    private final Map<String, Failures> networks = new Recent<>();
    private final Map<String, Failures> accounts = new Recent<>();
    private final KnownNetworks known;

    /// @param count since the last success
    /// @param last when
    private record Failures(int count, Instant last) {}

    private enum Allowance {
        PAIR(5, Duration.ofMinutes(15)),
        NETWORK(30, Duration.ofMinutes(15)),
        ACCOUNT(50, Duration.ofMinutes(1));

        private final int free;
        private final Duration longest;

        Allowance(int free, Duration longest) {
            this.free = free;
            this.longest = longest;
        }

        private Duration waitAfter(int failures) {
            if (failures < free) {
                return Duration.ZERO;
            }
            Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - free, 20));
            return wait.compareTo(longest) > 0 ? longest : wait;
        }
    }

    /// Bounded: the entry that was not used for longest makes room.
    private static final class Recent<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1;

        private Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MAX_ENTRIES;
        }
    }

    public Throttle(InstantSource clock) {
        this.clock = clock;
        this.known = new KnownNetworks(clock);
    }

    /// Begins a try.
    ///
    /// @param account what is tried: an e-mail address, or a user's id for codes
    /// @return zero when it may be looked at; it counts as failed until [#succeeded]. Otherwise how long
    ///     to wait; it is not counted
    public synchronized Duration begin(String account, String address) {
        Instant now = clock.instant();
        String network = Networks.of(address);
        String pair = KnownNetworks.pair(account, address);
        Duration wait =
                longer(
                        left(pairs.get(pair), Allowance.PAIR, now),
                        left(networks.get(network), Allowance.NETWORK, now));
        if (!known.has(account, address)) {
            wait = longer(wait, left(accounts.get(account), Allowance.ACCOUNT, now));
        }
        if (wait.isZero()) {
            count(pairs, pair, now);
            count(networks, network, now);
            count(accounts, account, now);
        }
        return wait;
    }

    /// The try that was begun was right.
    public synchronized void succeeded(String account, String address) {
        String network = Networks.of(address);
        pairs.remove(KnownNetworks.pair(account, address));
        uncount(networks, network);
        uncount(accounts, account);
        known.add(account, address);
    }

    /// How many counts are kept.
    synchronized int size() {
        return pairs.size() + networks.size() + accounts.size() + known.size();
    }

    /// The try that was begun was never looked at.
    public synchronized void withdrawn(String account, String address) {
        String network = Networks.of(address);
        uncount(pairs, KnownNetworks.pair(account, address));
        uncount(networks, network);
        uncount(accounts, account);
    }

    private static Duration left(@Nullable Failures failures, Allowance allowance, Instant now) {
        if (failures == null) {
            return Duration.ZERO;
        }
        Duration left =
                Duration.between(now, failures.last().plus(allowance.waitAfter(failures.count())));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static void count(Map<String, Failures> counts, String key, Instant now) {
        Failures before = counts.get(key);
        boolean goesOn = before != null && now.isBefore(before.last().plus(MEMORY));
        counts.put(key, new Failures(before != null && goesOn ? before.count() + 1 : 1, now));
    }

    /// Takes back the one that [#begin] counted; those of others stay.
    private static void uncount(Map<String, Failures> counts, String key) {
        counts.computeIfPresent(
                key,
                (same, failures) ->
                        failures.count() <= 1
                                ? null
                                : new Failures(failures.count() - 1, failures.last()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
