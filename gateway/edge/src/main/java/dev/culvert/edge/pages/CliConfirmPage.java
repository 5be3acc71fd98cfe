package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// Asks whether a sign-in of the command line is one's own doing: `decision` (`confirm` or `cancel`) and
/// `csrf` are posted to the URL. Immutable.
///
/// @param application what the command line wants to open
/// @param code shown there as well, to be compared; null when the client shows none
/// @param client what asks and from where, such as `access 0.1.0 on lab-7`
/// @param address where it waits
public record CliConfirmPage(
        String email,
        String application,
        String host,
        @Nullable String code,
        String client,
        String address,
        String url,
        String csrf)
        implements Page {}
