package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.Authority;
import dev.culvert.transport.HopByHop;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Heads as browsers and other HTTP/2 clients send and read them (RFC 9113, section 8).
///
/// A request is refused as malformed when a pseudo header is missing or empty, when `host` disagrees
/// with `:authority`, when the path is not origin-form (or `*` for OPTIONS), when a connection-specific
/// field is there, or anything that a request line or field of HTTP/1.1 cannot hold.
///
/// A WebSocket is an extended CONNECT (RFC 8441) and becomes the upgrade of HTTP/1.1: a key is made for
/// it, and a 101 goes out as 200.
public final class PublicHeads implements HeadCodec {
    private static final String[] FORBIDDEN = {
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"
    };

    @Override
    public boolean peerIsStranger() {
        return true;
    }

    @Override
    public Http2Headers encode(StreamRequest request) {
        throw new UnsupportedOperationException("the public side only answers");
    }

    @Override
    public StreamRequest decodeRequest(Http2Headers headers, boolean end) throws ProtocolException {
        String method = required(":method", headers.method());
        boolean webSocket = isWebSocket(method, headers);
        checkMethod(method);
        String scheme = required(":scheme", headers.scheme());
        if (!scheme.equalsIgnoreCase("https") && !scheme.equalsIgnoreCase("http")) {
            throw ProtocolException.of(":scheme", ProtocolException.quote(scheme), "https");
        }
        String path = required(":path", headers.path());
        checkPath(path, method.equals("OPTIONS"));
        for (String name : FORBIDDEN) {
            if (headers.contains(name)) {
                throw ProtocolException.of(
                        name, "present", "no connection-specific fields in HTTP/2");
            }
        }
        boolean trailers = false;
        for (CharSequence te : headers.getAll("te")) {
            if (!"trailers".contentEquals(te)) {
                throw ProtocolException.of(
                        "te", ProtocolException.quote(te.toString()), "trailers");
            }
            trailers = true;
        }
        HeaderList fields = Fields.read(headers);
        CharSequence authority = headers.authority();
        if (authority == null || authority.isEmpty()) {
            authority = fields.first("host");
        }
        String written = required(":authority", authority);
        // Before it is lower case: of some letters elsewhere that makes ASCII.
        Authority.check(":authority", written);
        String name = written.toLowerCase(Locale.ROOT);
        for (String host : fields.all("host")) {
            if (!host.equalsIgnoreCase(name)) {
                throw ProtocolException.of(
                        "host", ProtocolException.quote(host), "the same as :authority");
            }
        }
        fields.remove("host");
        HopByHop.remove(fields);
        if (end) {
            fields.remove("expect");
        }
        if (trailers) {
            fields.add("te", "trailers");
        }
        if (webSocket) {
            if (end) {
                throw new ProtocolException("a WebSocket that ends with its head");
            }
            fields.remove("content-length");
            fields.set("sec-websocket-key", webSocketKey());
            return new StreamRequest(StreamKind.WEBSOCKET, "GET", name, path, fields, false);
        }
        return new StreamRequest(StreamKind.HTTP, method, name, path, fields, end);
    }

    /// An extended CONNECT (RFC 8441, section 4); a plain one, to somewhere else, is refused.
    private static boolean isWebSocket(String method, Http2Headers headers)
            throws ProtocolException {
        CharSequence protocol = headers.get(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        if (!method.equals("CONNECT")) {
            if (protocol != null) {
                throw ProtocolException.of(":protocol", "with " + method, "with CONNECT only");
            }
            return false;
        }
        if (protocol == null) {
            throw ProtocolException.of(":method", "CONNECT", "a method other than CONNECT");
        }
        if (!"websocket".contentEquals(protocol)) {
            throw ProtocolException.of(
                    ":protocol", ProtocolException.quote(protocol.toString()), "websocket");
        }
        return true;
    }

    /// The connector and the origin speak RFC 6455, where there is a key; a client of HTTP/2 has none.
    private static String webSocketKey() {
        byte[] nonce = new byte[16];
        ThreadLocalRandom.current().nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    private static void checkMethod(String method) throws ProtocolException {
        if (HttpHeaderValidationUtil.validateToken(method) != -1) {
            throw ProtocolException.of(":method", ProtocolException.quote(method), "a token");
        }
    }

    /// What HTTP/1.1 cannot carry in its request line, or reads as its end, is not let in.
    private static void checkPath(String path, boolean asterisk) throws ProtocolException {
        boolean fits = path.charAt(0) == '/' || (asterisk && path.equals("*"));
        for (int i = 0; i < path.length() && fits; i++) {
            char c = path.charAt(i);
            fits = c > 0x20 && c != 0x7f && c != '#';
        }
        if (!fits) {
            throw ProtocolException.of(
                    ":path", ProtocolException.quote(path), "a path beginning with /");
        }
    }

    @Override
    public Http2Headers encode(StreamRequest request, StreamResponse response) {
        Http2Headers headers = new DefaultHttp2Headers(false, response.headers().size() + 1);
        int status = response.status();
        HeaderList fields = response.headers();
        HopByHop.remove(fields);
        if (status == 101) {
            // RFC 8441, section 5: accepted is 200, and the key was not the client's.
            status = 200;
            fields.remove("sec-websocket-accept");
        }
        headers.status(Integer.toString(status));
        Fields.addAll(headers, fields);
        return headers;
    }

    @Override
    public StreamResponse decodeResponse(StreamRequest request, Http2Headers headers) {
        throw new UnsupportedOperationException("the public side only answers");
    }

    @Override
    public Http2Headers encodeTrailers(HeaderList trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false, trailers.size());
        Fields.addAll(headers, trailers);
        return headers;
    }

    @Override
    public HeaderList decodeTrailers(Http2Headers headers) throws ProtocolException {
        HeaderList trailers = Fields.read(headers);
        HopByHop.removeFromTrailers(trailers);
        return trailers;
    }

    private static String required(String name, @Nullable CharSequence value)
            throws ProtocolException {
        if (value == null || value.isEmpty()) {
            throw ProtocolException.of(name, "missing", "one value");
        }
        return value.toString();
    }
}
