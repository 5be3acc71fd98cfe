package dev.culvert.edge.identity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A person with an account at this edge. Immutable.
///
/// @param id stable for the life of the account
/// @param email in the form of [EmailAddress]
/// @param name to be shown
/// @param isAdmin may use the admin pages
/// @param hasPassword may sign in with one
/// @param hasTotp is asked for a code after the password
/// @param disabledAt since when nobody gets in as this user; null when enabled
public record User(
        UUID id,
        String email,
        String name,
        boolean isAdmin,
        boolean hasPassword,
        boolean hasTotp,
        Instant createdAt,
        @Nullable Instant disabledAt) {

    public boolean isEnabled() {
        return disabledAt == null;
    }

    /// The same user, disabled.
    User disabled(Instant now) {
        return new User(id, email, name, isAdmin, hasPassword, hasTotp, createdAt, now);
    }
}
