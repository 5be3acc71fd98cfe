package dev.culvert.edge.pages;

import org.jspecify.annotations.Nullable;

/// One message, and perhaps where to go from here. Immutable.
///
/// @param requestId also in the log; null when there is nothing to look up
public record MessagePage(
        String title, String text, @Nullable Next next, @Nullable String requestId)
        implements Page {
    public record Next(String label, String url) {}
}
