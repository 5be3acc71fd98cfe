package dev.culvert.edge.state;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tunnel as people are shown it. Immutable.
///
/// @param rotation how often the secret was replaced
/// @param routes how many routes lead to it
/// @param configuration the rules the edge hands to its connectors; null when they have their own
public record TunnelSummary(
        UUID id,
        String name,
        Instant createdAt,
        long rotation,
        int routes,
        @Nullable Configured configuration) {

    /// How far a configuration has come.
    ///
    /// @param connections of the tunnel now; 0 when no edge runs
    /// @param applied how many of them have said that they have this version
    public record Configured(int version, int connections, int applied) {
        @Override
        public String toString() {
            return version + (connections == 0 ? "" : " on " + applied + " of " + connections);
        }
    }

    public TunnelSummary with(@Nullable Configured now) {
        return new TunnelSummary(id, name, createdAt, rotation, routes, now);
    }
}
