package dev.culvert.protocols.stream;

import org.jspecify.annotations.Nullable;

/// The head that answers a stream.
///
/// An accepted WebSocket has status 101 here on every carrier, also where HTTP/2 says 200 on the
/// wire.
///
/// @param status final HTTP status, 101 or 200 to 599 (an origin may use up to 999)
/// @param headers the origin's end-to-end fields; empty when `failure` is set
/// @param failure why the connector has no answer of the origin, else null
public record StreamResponse(int status, HeaderList headers, @Nullable OriginFailure failure) {

    public static StreamResponse of(int status, HeaderList headers) {
        return new StreamResponse(status, headers, null);
    }

    public static StreamResponse failed(OriginFailure failure) {
        return new StreamResponse(failure.code().status(), new HeaderList(0), failure);
    }
}
