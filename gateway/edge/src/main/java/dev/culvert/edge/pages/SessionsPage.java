package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One's own sessions at [Paths#ACCOUNT_SESSIONS]. Immutable. Posted below that path: `/end` with `id`,
/// `/end-others`.
public record SessionsPage(Viewer viewer, List<Entry> sessions, @Nullable Notice notice)
        implements Page {
    public SessionsPage {
        sessions = List.copyOf(sessions);
    }

    /// @param device such as `Firefox on Linux`
    /// @param current whether it is the one that looks
    public record Entry(
            String id,
            String device,
            String address,
            Instant since,
            Instant lastSeen,
            Instant expires,
            boolean current) {}

    public boolean hasOthers() {
        return sessions.stream().anyMatch(session -> !session.current());
    }
}
