package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everybody's sessions, renewed every few seconds, at [Paths#ADMIN_SESSIONS]. Immutable. Posted below
/// that path: `/end` with `id`; `/end-all` with `email`.
///
/// @param all how many there are, more than are shown when there are very many
/// @param sessions the latest seen first
public record AdminSessionsPage(
        Viewer viewer, int all, List<Entry> sessions, @Nullable Notice notice) implements Page {
    public AdminSessionsPage {
        sessions = List.copyOf(sessions);
    }

    /// @param method the way in
    /// @param device such as `Firefox on Linux`, or `access 0.1.0`
    /// @param country null when unknown
    /// @param streams long-lived ones that are open now
    /// @param current whether it is the one that looks
    public record Entry(
            String id,
            String email,
            String method,
            String device,
            String address,
            @Nullable String country,
            Instant since,
            Instant lastSeen,
            Instant expires,
            int streams,
            boolean current) {}
}
