package dev.culvert.edge.identity;

import dev.culvert.policy.Identity;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/// One sign-in of one browser at the auth host, or of one command line: what can be ended. Immutable.
///
/// @param address the user's when signing in
/// @param agent `User-Agent` when signing in, shortened
/// @param lastSeenAt to the minute
public record Session(
        UUID id,
        Kind kind,
        Identity identity,
        String address,
        String agent,
        Instant createdAt,
        Instant expiresAt,
        Instant lastSeenAt) {
    /// Where the session's secret is kept.
    public enum Kind {
        BROWSER,
        CLI,
        /// An SSH client that a browser has confirmed: it keeps none.
        SSH;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Session seen(Instant at) {
        return new Session(id, kind, identity, address, agent, createdAt, expiresAt, at);
    }
}
