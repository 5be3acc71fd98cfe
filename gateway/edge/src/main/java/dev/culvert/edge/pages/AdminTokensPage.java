package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Service tokens, at [Paths#ADMIN_TOKENS]. Immutable. Posted below that path: `/create` with `name`,
/// `days` (0 for no end); `/rotate` with `id`, `hours` (how long the old secret stays good); `/revoke`
/// with `id`.
///
/// @param fresh a secret that was just made, shown this once; else null
public record AdminTokensPage(
        Viewer viewer, List<Token> tokens, @Nullable Fresh fresh, @Nullable Notice notice)
        implements Page {
    public AdminTokensPage {
        tokens = List.copyOf(tokens);
    }

    /// @param expires null when never
    /// @param lastUsed null when never
    /// @param expired whether it is over
    /// @param oldSecretUntil while a rotation overlaps, else null
    public record Token(
            String id,
            String name,
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant lastUsed,
            boolean expired,
            @Nullable Instant oldSecretUntil) {}

    /// @param example a command line that uses it, null for none
    public record Fresh(String name, String id, String secret, @Nullable String example) {}
}
