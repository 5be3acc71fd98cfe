package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Remote desktops that run, the newest first, renewed every few seconds, at [Paths#ADMIN_DESKTOPS]. Immutable. Posted
/// below it: `/end` with `id`.
public record AdminDesktopsPage(Viewer viewer, List<Entry> sessions, @Nullable Notice notice)
        implements Page {
    public AdminDesktopsPage {
        sessions = List.copyOf(sessions);
    }

    /// @param kind `rdp`, `vnc`, `telnet`
    /// @param engine `built-in`, `guacd`
    /// @param recordingUrl GET: what is recorded of it; null when it is not
    /// @param watchers how many watch now
    /// @param viewUrl GET: to watch it; with `?control=1` to take part
    /// @param unwatchable why nobody can; empty when somebody can
    public record Entry(
            String id,
            String who,
            String address,
            String application,
            String host,
            String kind,
            String engine,
            Instant since,
            @Nullable String recordingUrl,
            int watchers,
            String viewUrl,
            String unwatchable) {}
}
