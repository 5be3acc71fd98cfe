package dev.culvert.edge.tokens;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a good token says. Whether it lets anybody in is decided by the session and the policies.
/// Immutable.
///
/// @param audience the application's, or the auth host's name
/// @param session the one it was made for
/// @param subject id of the identity
public record AccessToken(
        Type type, String audience, UUID session, String subject, Instant expiresAt) {

    /// Claim `type`.
    public enum Type {
        /// For one application.
        APP("app"),
        /// For the auth host, kept by a command line.
        ORG("org");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static @Nullable Type of(@Nullable String word) {
            for (Type type : values()) {
                if (type.word.equals(word)) {
                    return type;
                }
            }
            return null;
        }
    }
}
