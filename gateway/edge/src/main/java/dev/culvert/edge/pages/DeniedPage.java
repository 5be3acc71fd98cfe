package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// Somebody may not come in: why, and whom to ask. Immutable.
///
/// @param application null when none is there
/// @param why in plain words
/// @param contact whom to ask: a mail address becomes a link; null when nobody was named
/// @param requestId also in the log
/// @param email who is signed in, null when nobody is
/// @param signInUrl GET: to sign in as somebody else, null where that makes no difference
public record DeniedPage(
        String host,
        @Nullable String application,
        String why,
        @Nullable String contact,
        String requestId,
        @Nullable String email,
        @Nullable String signInUrl)
        implements Page {
    public boolean contactIsMail() {
        return contact != null && contact.matches("[^\\s@?&#%:/\"<>]+@[^\\s@?&#%:/\"<>]+");
    }
}
