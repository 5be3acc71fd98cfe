package dev.culvert.edge.pages;

/// Leads on to another origin after a posted form. A redirect would not: browsers apply `form-action` to
/// where a form's answer redirects, too. Immutable.
///
/// @param host shown while it takes its moment; empty when it is this one
public record ContinuePage(String url, String host) implements Page {
    public ContinuePage {
        if (!url.startsWith("https://") && !url.startsWith("http://") && !url.startsWith("/")) {
            throw new IllegalArgumentException("a URL to continue at: " + url);
        }
    }
}
