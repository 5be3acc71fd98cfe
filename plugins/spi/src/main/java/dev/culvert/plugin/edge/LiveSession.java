package dev.culvert.plugin.edge;

import dev.culvert.plugin.HttpExchange;
import java.io.IOException;
import java.time.Instant;

/// A session that an administrator may see and end, while it runs. Thread-safe.
public interface LiveSession {
    /// Unique while the edge runs: letters and digits, at most 40.
    String id();

    Admitted admitted();

    /// The engine: `built_in`, `guacd`.
    String engine();

    Instant startedAt();

    /// Of its recording; empty when it is not recorded.
    String recording();

    /// Why nobody can watch it, for people; empty when somebody can.
    String unwatchable();

    /// How many watch it now.
    int watchers();

    /// Answers a request of an administrator who watches, to `https://AUTH_HOST/…/admin/desktops/<id>/view/<path>`: the
    /// page itself at the empty path, what it needs, its WebSocket. The edge has written down that they watch, and ends
    /// their WebSocket when they are no administrator any more: by a Close frame of its own between two writes, each of
    /// which must be whole frames, and by interrupting the thread.
    ///
    /// @param path what follows `/view/`, without query
    void view(Overseer who, String path, HttpExchange exchange)
            throws IOException, InterruptedException;

    /// Ends it, with the reason for its user. Idempotent.
    void end(String reason);

    /// @param actor as in the audit log
    /// @param control whether they may type and use the mouse, too
    record Overseer(String actor, boolean control) {}
}
