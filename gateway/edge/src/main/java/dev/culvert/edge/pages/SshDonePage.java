package dev.culvert.edge.pages;

/// The browser's part of an SSH client's sign-in is over. Immutable.
///
/// @param confirmed false when it was cancelled
public record SshDonePage(String email, boolean confirmed) implements Page {}
