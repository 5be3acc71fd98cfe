package dev.culvert.edge.pages;

/// Signed out. Immutable.
///
/// @param signInUrl GET: to sign in again
public record LoggedOutPage(String signInUrl) implements Page {}
