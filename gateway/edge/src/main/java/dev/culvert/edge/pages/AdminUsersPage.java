package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Local users, at [Paths#ADMIN_USERS]. Immutable. Posted below that path: `/invite` with `email`, `name`,
/// `admin` (`on` or missing); `/disable`, `/enable` and `/reset` (a link for a new password) with `id`.
///
/// @param link a one-time link that was just made, shown this once; else null
public record AdminUsersPage(
        Viewer viewer, List<User> users, @Nullable Link link, @Nullable Notice notice)
        implements Page {
    public AdminUsersPage {
        users = List.copyOf(users);
    }

    /// @param ways to sign in, such as `password, TOTP, 2 passkeys`
    /// @param lastSeen null when never
    /// @param self whether it is the one who looks: can neither be disabled nor reset here
    public record User(
            String id,
            String email,
            String name,
            boolean admin,
            Standing standing,
            String ways,
            @Nullable Instant lastSeen,
            boolean self) {}

    public enum Standing {
        ACTIVE,
        INVITED,
        DISABLED
    }

    /// @param purpose such as `Invitation`
    public record Link(String purpose, String email, String url, Instant expires) {}
}
