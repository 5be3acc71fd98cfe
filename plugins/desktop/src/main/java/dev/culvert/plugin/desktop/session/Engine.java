package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;

/// What speaks with hosts. Thread-safe.
public interface Engine {
    /// Whether it is there, and can do what the application wants. Blocking, a few seconds.
    ///
    /// @throws RefusedException when not
    default void require(Admitted admitted) throws RefusedException, InterruptedException {}

    /// Runs a session over the WebSocket that its page opened, until it ends; accepts the WebSocket. Both sides are
    /// closed then. The caller has checked ticket and origin, and closes `session`.
    ///
    /// What goes wrong is told to the page as the engine's protocol has it, in words for people.
    void run(DesktopSession session, HttpExchange exchange)
            throws IOException, InterruptedException;
}
