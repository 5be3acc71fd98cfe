package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.HttpExchange;
import java.io.IOException;

/// The page on which administrators watch. Thread-safe.
public interface WatchPage {
    /// Path of the WebSocket that it opens, relative to the page.
    String SOCKET = "socket";

    /// Answers a request for the page or a file of it.
    ///
    /// @param path relative to the page, empty for itself
    /// @param control whether keyboard and mouse are offered
    /// @return whether it was one; nothing was answered otherwise
    boolean handle(String path, HttpExchange exchange, boolean control) throws IOException;
}
