package dev.culvert.plugin;

import java.io.IOException;

/// Answers HTTP exchanges, each on a virtual thread of its own.
@FunctionalInterface
public interface HttpHandler {
    /// Returns when the exchange is done; a body stream left open is closed then. An exception before
    /// [HttpExchange#respond] becomes a 500, afterwards it resets the stream.
    void handle(HttpExchange exchange) throws IOException, InterruptedException;
}
