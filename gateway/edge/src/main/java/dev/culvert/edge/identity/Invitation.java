package dev.culvert.edge.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a one-time link is for. Immutable.
///
/// @param user whose password is set; null for the first admin, who is made by the link
public record Invitation(Purpose purpose, @Nullable User user, Instant expiresAt) {

    /// Stored by name.
    public enum Purpose {
        FIRST_ADMIN,
        INVITE,
        RESET
    }
}
