package dev.culvert.edge.pages;

/// Asks whether a sign-in of an SSH client is one's own doing: `decision` (`confirm` or `cancel`) and `csrf` are
/// posted to the URL. Immutable.
///
/// @param code shown in the terminal as well, to be compared
/// @param program what asks, such as `OpenSSH_9.2p1 to build.example.com`
/// @param address where it waits
public record SshConfirmPage(
        String email, String code, String program, String address, String url, String csrf)
        implements Page {}
