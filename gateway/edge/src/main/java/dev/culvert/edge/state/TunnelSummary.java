package dev.culvert.edge.state;

import java.time.Instant;
import java.util.UUID;

/// A tunnel as people are shown it. Immutable.
///
/// @param rotation how often the secret was replaced
/// @param routes how many routes lead to it
public record TunnelSummary(UUID id, String name, Instant createdAt, long rotation, int routes) {}
