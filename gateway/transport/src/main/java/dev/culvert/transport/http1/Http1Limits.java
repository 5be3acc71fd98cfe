package dev.culvert.transport.http1;

import java.time.Duration;

/// Limits of one HTTP/1.1 connection. Immutable.
///
/// @param requestLineBytes request line, beyond it 414
/// @param headerBytes all header fields together, beyond it 431
/// @param requestWithin from the connection's start, or the end of the last answer, to the end of the
///     next request's header
public record Http1Limits(int requestLineBytes, int headerBytes, Duration requestWithin) {
    public static final Http1Limits PUBLIC =
            new Http1Limits(16 * 1024, 64 * 1024, Duration.ofSeconds(75));
}
