package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The audit log, newest first, at [Paths#ADMIN_AUDIT]. Immutable. The filter asks the same path with GET:
/// `from` and `to` (`2026-11-29T08:00`, UTC), `kind`, `actor`, `application`, `outcome`; empty for all.
///
/// @param kinds to choose from; applications and outcomes likewise
/// @param newerUrl GET, null on the first page
/// @param olderUrl GET, null on the last page
/// @param exportUrl GET: what the filter lets through, as JSON lines
/// @param csvUrl GET: the same as a table
public record AdminAuditPage(
        Viewer viewer,
        Filter filter,
        List<String> kinds,
        List<String> applications,
        List<String> outcomes,
        List<Entry> entries,
        @Nullable String newerUrl,
        @Nullable String olderUrl,
        String exportUrl,
        String csvUrl)
        implements Page {
    public AdminAuditPage {
        kinds = List.copyOf(kinds);
        applications = List.copyOf(applications);
        outcomes = List.copyOf(outcomes);
        entries = List.copyOf(entries);
    }

    public record Filter(
            String from, String to, String kind, String actor, String application, String outcome) {
        public static final Filter NONE = new Filter("", "", "", "", "", "");
    }

    /// Texts are empty where there is nothing.
    ///
    /// @param good whether the outcome is one that lets somebody do what they wanted
    public record Entry(
            Instant at,
            String kind,
            String actor,
            String application,
            String host,
            String outcome,
            boolean good,
            String policy,
            String address,
            String requestId,
            String detail) {}
}
