package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One's own SSH keys at [Paths#ACCOUNT_SSH_KEYS]. Immutable. Posted below that path: `/add` with `key` (the line of
/// a `.pub` file) and `name`, `/remove` with `id`.
///
/// @param typed what stands in the field of the key, after it was refused; else empty
public record SshKeysPage(Viewer viewer, List<Key> keys, String typed, @Nullable Notice notice)
        implements Page {
    public SshKeysPage {
        keys = List.copyOf(keys);
    }

    /// @param fingerprint `SHA256:…`, which is its id too
    /// @param kind such as `ED25519`
    /// @param lastUsed null when never
    public record Key(
            String fingerprint,
            String kind,
            String name,
            Instant added,
            @Nullable Instant lastUsed) {}
}
