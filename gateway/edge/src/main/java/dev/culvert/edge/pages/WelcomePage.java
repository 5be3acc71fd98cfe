package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// The first thing somebody sees who follows a one-time link: `email`, `name`, `password` and `csrf` are
/// posted to the URL. Immutable.
///
/// @param email filled in; may be changed only by the first administrator
/// @param name filled in, may be empty
/// @param minimumPassword characters
/// @param message what went wrong, null when nothing has
public record WelcomePage(
        Kind kind,
        String url,
        String csrf,
        String email,
        String name,
        int minimumPassword,
        @Nullable String message)
        implements Page {
    public enum Kind {
        FIRST_ADMIN,
        INVITED,
        /// The account is there; a new password is chosen, and no name is asked for.
        RESET
    }
}
