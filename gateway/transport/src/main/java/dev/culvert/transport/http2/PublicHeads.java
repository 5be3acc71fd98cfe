package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.Authority;
import dev.culvert.transport.HopByHop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Heads as browsers and other HTTP/2 clients send and read them (RFC 9113, section 8).
///
/// A request is refused as malformed when a pseudo header is missing or empty, when `host` disagrees
/// with `:authority`, when the path is not origin-form (or `*` for OPTIONS), or when a
/// connection-specific field is there.
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
        if (method.equals("CONNECT")) {
            throw ProtocolException.of(":method", "CONNECT", "a method other than CONNECT");
        }
        required(":scheme", headers.scheme());
        String path = required(":path", headers.path());
        if (path.charAt(0) != '/' && !(path.equals("*") && method.equals("OPTIONS"))) {
            throw ProtocolException.of(
                    ":path", ProtocolException.quote(path), "a path beginning with /");
        }
        for (String name : FORBIDDEN) {
            if (headers.contains(name)) {
                throw ProtocolException.of(
                        name, "present", "no connection-specific fields in HTTP/2");
            }
        }
        CharSequence te = headers.get("te");
        if (te != null && !"trailers".contentEquals(te)) {
            throw ProtocolException.of("te", ProtocolException.quote(te.toString()), "trailers");
        }
        HeaderList fields = TunnelHeads.fields(headers);
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
        return new StreamRequest(StreamKind.HTTP, method, name, path, fields, end);
    }

    @Override
    public Http2Headers encode(StreamRequest request, StreamResponse response) {
        Http2Headers headers = new DefaultHttp2Headers(false, response.headers().size() + 1);
        headers.status(Integer.toString(response.status()));
        HeaderList fields = response.headers();
        HopByHop.remove(fields);
        TunnelHeads.addAll(headers, fields);
        return headers;
    }

    @Override
    public StreamResponse decodeResponse(StreamRequest request, Http2Headers headers) {
        throw new UnsupportedOperationException("the public side only answers");
    }

    @Override
    public Http2Headers encodeTrailers(HeaderList trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false, trailers.size());
        TunnelHeads.addAll(headers, trailers);
        return headers;
    }

    @Override
    public HeaderList decodeTrailers(Http2Headers headers) {
        return TunnelHeads.fields(headers);
    }

    private static String required(String name, @Nullable CharSequence value)
            throws ProtocolException {
        if (value == null || value.isEmpty()) {
            throw ProtocolException.of(name, "missing", "one value");
        }
        return value.toString();
    }
}
