package dev.culvert.connector.link;

import dev.culvert.protocols.registration.ConnectionDetails;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// What the connections to the edge are doing, for whoever operates the connector. Thread-safe.
public final class LinkStates {
    private static final int MAX_REASONS = 32;
    private static final int MAX_REASON = 120;

    private final SortedMap<Integer, State> states = new ConcurrentSkipListMap<>();
    private final LongAdder registrations = new LongAdder();
    private final LongAdder silent = new LongAdder();
    private final Map<String, LongAdder> refusals = new TreeMap<>();

    /// One connection, as it was when it registered last. Immutable.
    ///
    /// @param connected false when it has been lost since
    public record State(
            int index,
            boolean connected,
            String protocol,
            EdgeAddress edge,
            String location,
            UUID connection,
            Instant since) {}

    void registered(int index, String protocol, EdgeAddress edge, ConnectionDetails details) {
        registrations.increment();
        states.put(
                index,
                new State(
                        index,
                        true,
                        protocol,
                        edge,
                        details.locationName(),
                        details.uuid(),
                        Instant.now()));
    }

    void lost(int index) {
        states.computeIfPresent(
                index,
                (at, was) ->
                        new State(
                                index,
                                false,
                                was.protocol,
                                was.edge,
                                was.location,
                                was.connection,
                                Instant.now()));
    }

    void silent(int index) {
        silent.increment();
        lost(index);
    }

    /// The edge decides on the text, so there is a bound on how many are told apart.
    void refused(String reason) {
        String known = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
        synchronized (refusals) {
            LongAdder adder =
                    refusals.get(
                            refusals.size() < MAX_REASONS || refusals.containsKey(known)
                                    ? known
                                    : "other");
            if (adder == null) {
                adder = new LongAdder();
                refusals.put(refusals.size() < MAX_REASONS ? known : "other", adder);
            }
            adder.increment();
        }
    }

    /// By index; those that never registered are left out.
    public List<State> all() {
        return List.copyOf(states.values());
    }

    public long registrations() {
        return registrations.sum();
    }

    /// Connections given up because nothing passed through their streams.
    public long silent() {
        return silent.sum();
    }

    /// Refused registrations by the edge's reason.
    public Map<String, Long> refusals() {
        synchronized (refusals) {
            Map<String, Long> all = new TreeMap<>();
            refusals.forEach((reason, count) -> all.put(reason, count.sum()));
            return all;
        }
    }
}
