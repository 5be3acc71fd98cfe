package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.SerializedHeaders;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.HopByHop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;

/// Heads as an HTTP/2 server behind a connector reads and sends them (RFC 9113, section 8): the client's
/// half of what [PublicHeads] is for the server's.
///
/// `te: trailers` is sent when the request came with it and for gRPC, whose servers may insist on it;
/// trailers are passed on, so it is true of this hop.
public final class OriginHeads implements HeadCodec {
    /// @throws IllegalArgumentException when something in the head cannot stand in HTTP/2
    @Override
    public Http2Headers encode(StreamRequest request) {
        checkPath(request.path());
        HeaderList fields = request.headers().copy();
        boolean trailers = fields.hasToken("te", "trailers") || isGrpc(fields);
        HopByHop.remove(fields);
        fields.remove("host");
        Http2Headers headers = new DefaultHttp2Headers(true, true, fields.size() + 5);
        headers.method(request.method())
                .scheme("https")
                .authority(request.authority())
                .path(request.path());
        add(headers, fields);
        if (trailers) {
            headers.add("te", "trailers");
        }
        return headers;
    }

    private static boolean isGrpc(HeaderList fields) {
        String type = fields.first("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/grpc");
    }

    private static void checkPath(String path) {
        if (path.isEmpty() || !path.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("a path that cannot stand in HTTP/2");
        }
    }

    private static void add(Http2Headers headers, HeaderList fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).startsWith(":")) {
                throw new IllegalArgumentException("a field's name begins with a colon");
            }
            try {
                headers.add(fields.name(i).toLowerCase(Locale.ROOT), fields.value(i));
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    @Override
    public StreamRequest decodeRequest(Http2Headers headers, boolean end) {
        throw new UnsupportedOperationException("an origin only answers");
    }

    @Override
    public Http2Headers encode(StreamRequest request, StreamResponse response) {
        throw new UnsupportedOperationException("an origin only answers");
    }

    @Override
    public StreamResponse decodeResponse(StreamRequest request, Http2Headers headers)
            throws ProtocolException {
        int status = TunnelHeads.status(headers);
        if (status == 101) {
            throw ProtocolException.of(":status", 101, "no change of protocol in HTTP/2");
        }
        HeaderList fields = Fields.read(headers);
        HopByHop.remove(fields);
        // What the tunnel does not carry is refused while it can be said why.
        for (int i = 0; i < fields.size(); i++) {
            if (fields.value(i).length() > SerializedHeaders.MAX_VALUE) {
                throw ProtocolException.of(
                        "length of a header field",
                        fields.value(i).length(),
                        "at most " + SerializedHeaders.MAX_VALUE);
            }
        }
        return StreamResponse.of(status, fields);
    }

    /// Trailers that cannot stand in HTTP/2 are left out as a whole: the body's end goes out in any case.
    @Override
    public Http2Headers encodeTrailers(HeaderList trailers) {
        HeaderList fields = trailers.copy();
        HopByHop.remove(fields);
        Http2Headers headers = new DefaultHttp2Headers(true, true, fields.size());
        try {
            add(headers, fields);
        } catch (IllegalArgumentException e) {
            headers.clear();
        }
        return headers;
    }

    @Override
    public HeaderList decodeTrailers(Http2Headers headers) throws ProtocolException {
        return Fields.read(headers);
    }
}
