package dev.culvert.edge.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Credentials of a machine. Immutable.
///
/// @param id what it shows as `CF-Access-Client-Id`
/// @param name in policies, unique
/// @param previousUntil until when the secret before the last rotation counts, null when it does not
/// @param expiresAt null for never
/// @param lastUsedAt to the minute, null when never
public record ServiceToken(
        String id,
        String name,
        Instant createdAt,
        @Nullable Instant previousUntil,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {}
