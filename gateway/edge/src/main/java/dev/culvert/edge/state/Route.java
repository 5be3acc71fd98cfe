package dev.culvert.edge.state;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A hostname that leads to a tunnel. Immutable.
///
/// @param hostname lower case, punycode; `*.suffix` for every name below the suffix
/// @param isPublic whether anybody may come in
/// @param applicationId the application that decides who may come in, or null
public record Route(
        UUID id,
        String hostname,
        UUID tunnelId,
        boolean isPublic,
        @Nullable UUID applicationId,
        Instant createdAt) {

    public boolean isWildcard() {
        return hostname.startsWith("*.");
    }

    /// True when nobody may come in: neither public nor behind an application.
    public boolean isClosed() {
        return !isPublic && applicationId == null;
    }
}
