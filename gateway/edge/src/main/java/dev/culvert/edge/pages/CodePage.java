package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// Asks for a code: `code` and `csrf` are posted to the URL; `csrf` alone to the resend URL. Immutable.
///
/// @param sentTo the address a PIN was sent to, null for other codes
/// @param message what went wrong, null when nothing has
/// @param resendUrl where another PIN is asked for, null where none is
/// @param otherUrl GET: the same with another kind of code (recovery code instead of TOTP, or back), null
///     where there is none
/// @param backUrl GET: to the start of the sign-in
public record CodePage(
        Kind kind,
        @Nullable String sentTo,
        String url,
        String csrf,
        @Nullable String message,
        @Nullable String resendUrl,
        @Nullable String otherUrl,
        String backUrl)
        implements Page {
    public enum Kind {
        /// Six digits by mail.
        PIN,
        /// Six digits of an authenticator application.
        TOTP,
        /// One of the codes printed for the day the authenticator is lost.
        RECOVERY
    }
}
