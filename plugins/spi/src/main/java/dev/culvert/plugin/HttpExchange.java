package dev.culvert.plugin;

import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// One request and its answer, blocking. Bounded: at most 256 KiB unread of the body, and writes wait
/// for the peer.
///
/// Confined to the thread that handles it, except that `body` and the response stream may be used by
/// two threads, one each.
public interface HttpExchange {
    String method();

    /// Path and query as received.
    String path();

    /// Host and optional port, lower case.
    String authority();

    HeaderList requestHeaders();

    /// The request body; after an upgrade the bytes the client sends. A client that went away shows as
    /// an [IOException].
    InputStream body();

    /// Sends the head, once. Each write to the stream returned goes out at once.
    ///
    /// @throws IllegalStateException when called twice
    OutputStream respond(int status, HeaderList headers) throws IOException;

    /// True when the client asked for a WebSocket: then `respond(101, …)` accepts it and both streams
    /// carry the raw WebSocket bytes.
    boolean isWebSocket();

    /// Sends a whole answer; to `HEAD` its head alone.
    default void respond(int status, HeaderList headers, byte[] body) throws IOException {
        headers.set("Content-Length", Integer.toString(body.length));
        try (OutputStream out = respond(status, headers)) {
            if (!method().equals("HEAD")) {
                out.write(body);
            }
        }
    }
}
