package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// Asks whether a sign-in of an SSH client is one's own doing: `decision` (`confirm` or `cancel`) and `csrf` are
/// posted to the URL. Immutable.
///
/// @param code shown in the terminal as well, to be compared
/// @param program what asks, such as `OpenSSH_9.2p1 to build.example.com`
/// @param address where it waits
/// @param browserAddress of who is asked, when that is in another network; else null
public record SshConfirmPage(
        String email,
        String code,
        String program,
        String address,
        @Nullable String browserAddress,
        String url,
        String csrf)
        implements Page {}
