package dev.culvert.edge.state;

import java.time.Instant;
import java.util.UUID;

/// A route as people are shown it. Immutable.
///
/// @param isClosed whether it answers "closed": neither public nor behind an application
public record RouteSummary(
        String hostname,
        UUID tunnelId,
        String tunnelName,
        boolean isPublic,
        boolean isClosed,
        Instant createdAt) {}
