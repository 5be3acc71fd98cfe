package dev.culvert.connector.engine;

import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.HopByHop;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/// What an origin gets to see of a request's head. Immutable.
///
/// @param request with the origin's `Host` as authority and without hop-by-hop fields; the public name in
///     `X-Forwarded-Host` when another is forced
/// @param bodyLength bytes of the body: as `Content-Length` says, [#UNKNOWN] without one
record OriginRequestHead(StreamRequest request, long bodyLength) {
    static final long UNKNOWN = -1;

    /// @throws IllegalArgumentException for a head that must not be passed on; the message says why
    static OriginRequestHead of(StreamRequest request, ProxiedHttpOrigin origin) {
        HeaderList headers = request.headers().copy();
        boolean trailers = headers.hasToken("te", "trailers");
        HopByHop.remove(headers);
        headers.remove("host");
        String host = origin.hostHeader();
        if (host != null) {
            headers.set("X-Forwarded-Host", request.authority());
        } else {
            host = request.authority();
        }
        if (host.isEmpty() && origin.endpoint() instanceof Endpoint.Tcp tcp) {
            host = tcp.toString();
        }
        boolean upgrade = request.kind() == StreamKind.WEBSOCKET;
        if (upgrade) {
            // A length would make the origin take the next request for a body, had it kept the
            // connection.
            headers.remove("content-length");
        } else if (trailers && origin.tls() != null && origin.tls().http2()) {
            headers.add("te", "trailers");
        }
        long length = upgrade ? 0 : bodyLength(headers, request.endOfBody());
        return new OriginRequestHead(
                new StreamRequest(
                        request.kind(),
                        request.method(),
                        host,
                        request.path(),
                        headers,
                        request.endOfBody()),
                length);
    }

    private static long bodyLength(HeaderList headers, boolean ended) {
        List<String> lengths = headers.all("content-length");
        if (lengths.isEmpty()) {
            return ended ? 0 : UNKNOWN;
        }
        String text = lengths.getFirst();
        if (lengths.size() > 1
                || text.isEmpty()
                || text.length() > 18
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("the request's Content-Length is not one number");
        }
        long length = Long.parseLong(text);
        if (ended && length > 0) {
            throw new IllegalArgumentException(
                    "the request's Content-Length is " + length + " and it has no body");
        }
        return length;
    }

    /// The client waits for the origin's consent before it sends its body (RFC 9110, section 10.1.1).
    boolean expectsContinue() {
        return !request.endOfBody()
                && request.kind() == StreamKind.HTTP
                && request.headers().hasToken("expect", "100-continue");
    }

    /// Whether anything follows the head: not for a WebSocket, whose bytes are no body.
    boolean hasBody() {
        return !request.endOfBody() && request.kind() != StreamKind.WEBSOCKET;
    }

    boolean isChunked() {
        return bodyLength == UNKNOWN;
    }

    /// @throws IllegalArgumentException when HTTP/1.1 cannot carry it, such as a path with a space
    HttpRequest http1() {
        HttpMethod method = HttpMethod.valueOf(request.method());
        HttpRequest head =
                hasBody()
                        ? new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, request.path())
                        // Head and end in one: the socket gets one buffer.
                        : new DefaultFullHttpRequest(
                                HttpVersion.HTTP_1_1,
                                method,
                                request.path(),
                                Unpooled.EMPTY_BUFFER);
        head.headers().set(HttpHeaderNames.HOST, request.authority());
        request.headers()
                .forEach((name, value) -> {
                    if (!name.equalsIgnoreCase("te")) {
                        head.headers().add(name, value);
                    }
                });
        if (request.kind() == StreamKind.WEBSOCKET) {
            head.headers()
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        } else if (isChunked()) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return head;
    }
}
