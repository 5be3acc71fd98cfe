package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Recordings of sessions, the newest first, at [Paths#ADMIN_RECORDINGS]. Immutable. The filter asks the same
/// path with GET: `from` and `to` (`2026-11-29T08:00`, UTC), `who`, `host`; empty for all. Posted below it:
/// `/end` with `id`.
///
/// @param olderUrl GET, null on the last page
/// @param key that they are signed with, in short
public record AdminRecordingsPage(
        Viewer viewer,
        Filter filter,
        List<Entry> entries,
        @Nullable String olderUrl,
        String key,
        @Nullable Notice notice)
        implements Page {
    public AdminRecordingsPage {
        entries = List.copyOf(entries);
    }

    public record Filter(String from, String to, String who, String host) {
        public static final Filter NONE = new Filter("", "", "", "");
    }

    /// @param url where it is watched
    /// @param via `browser` or `gateway`
    /// @param command empty for a shell
    /// @param gaps places where it could not be written
    public record Entry(
            String id,
            String url,
            String who,
            String login,
            String host,
            String application,
            String via,
            String address,
            String command,
            Instant startedAt,
            String length,
            String size,
            State state,
            long gaps) {}

    /// What became of a recording.
    public enum State {
        LIVE("live", "fair"),
        COMPLETE("complete", "good"),
        UNFINISHED("no end", "bad");

        private final String shown;
        private final String look;

        State(String shown, String look) {
            this.shown = shown;
            this.look = look;
        }

        public String shown() {
            return shown;
        }

        public String look() {
            return look;
        }
    }
}
