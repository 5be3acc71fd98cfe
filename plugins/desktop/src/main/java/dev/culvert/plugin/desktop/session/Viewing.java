package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.LiveSession.Overseer;
import java.io.IOException;

/// Lets somebody else see a running session. Thread-safe.
public interface Viewing {
    int watchers();

    /// Runs their WebSocket, which it accepts, until they leave or the session ends.
    void join(Overseer who, HttpExchange exchange) throws IOException, InterruptedException;
}
