package dev.culvert.connector.assertion;

import java.io.IOException;

/// Gives an issuer's key set as JSON (RFC 7517). Blocking: virtual threads only.
@FunctionalInterface
interface KeySource {
    /// @throws IOException with a message for the log
    String fetch() throws IOException;
}
