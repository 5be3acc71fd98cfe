package dev.culvert.transport.http1;

import java.time.Duration;

/// Limits of one HTTP/1.1 connection. Immutable.
///
/// @param requestLineBytes request line, beyond it 414
/// @param headerBytes all header fields together, beyond it 431
/// @param fields number of header fields, beyond it 431
/// @param requestWithin from the connection's start, or the end of the last answer, to the first byte of
///     the next request
/// @param headWithin from the first byte of a request to the end of its header, beyond it 408
public record Http1Limits(
        int requestLineBytes,
        int headerBytes,
        int fields,
        Duration requestWithin,
        Duration headWithin) {
    public static final Http1Limits PUBLIC =
            new Http1Limits(
                    16 * 1024, 64 * 1024, 256, Duration.ofSeconds(75), Duration.ofSeconds(30));
}
