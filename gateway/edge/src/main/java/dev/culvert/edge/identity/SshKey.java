package dev.culvert.edge.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A public key that somebody has registered, as pages show it. Immutable.
///
/// @param fingerprint `SHA256:…`
/// @param type such as `ssh-ed25519`
/// @param name the person's for it
/// @param lastUsedAt null when nobody has come in with it yet
public record SshKey(
        String fingerprint,
        String type,
        String name,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {}
