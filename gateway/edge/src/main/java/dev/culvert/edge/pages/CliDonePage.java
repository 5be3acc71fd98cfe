package dev.culvert.edge.pages;

/// The browser's part of a command-line sign-in is over. Immutable.
///
/// @param confirmed false when it was cancelled
public record CliDonePage(String application, boolean confirmed) implements Page {}
