package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.LiveSession.Overseer;
import java.io.IOException;

/// The page on which administrators watch. Thread-safe.
public interface ViewPage {
    /// Path of the WebSocket that it opens, relative to the page.
    String SOCKET = "socket";

    /// Answers a request for the page or a file of it.
    ///
    /// @param path relative to the page, empty for itself
    void handle(String path, Overseer who, HttpExchange exchange) throws IOException;
}
