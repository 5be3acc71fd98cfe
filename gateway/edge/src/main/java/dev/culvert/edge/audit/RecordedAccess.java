package dev.culvert.edge.audit;

import org.jspecify.annotations.Nullable;

/// Decisions that were recorded for the same actor, application, host and address. Immutable.
///
/// @param actor as in [AuditEvent]
/// @param count how many
public record RecordedAccess(
        String actor,
        @Nullable String application,
        String host,
        String address,
        @Nullable String country,
        long count) {}
