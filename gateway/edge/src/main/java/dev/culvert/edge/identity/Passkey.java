package dev.culvert.edge.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A user's passkey, as pages show it. Immutable.
///
/// @param id of the credential, base64url
/// @param name the user's for it
/// @param lastUsedAt null when it has never been signed in with
public record Passkey(String id, String name, Instant createdAt, @Nullable Instant lastUsedAt) {}
