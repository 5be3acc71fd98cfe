package dev.culvert.edge.signin;

import java.io.IOException;

/// A part of the auth host: the paths below one. Thread-safe.
public interface Section {
    /// Blocking: virtual threads only.
    void handle(AuthExchange exchange) throws IOException, InterruptedException;
}
