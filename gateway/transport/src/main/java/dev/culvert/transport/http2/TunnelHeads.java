package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.ResponseMeta;
import dev.culvert.protocols.stream.SerializedHeaders;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.HopByHop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Heads between edge and connector. Requests are plain HTTP/2 with an internal header for the kind;
/// responses carry the origin's fields serialized in one header, and who made the answer in another.
///
/// Source: cloudflared, `connection/http2.go` and `connection/header.go`.
public final class TunnelHeads implements HeadCodec {
    private static final AsciiString UPGRADE =
            AsciiString.cached("cf-cloudflared-proxy-connection-upgrade");
    private static final AsciiString TCP_SOURCE = AsciiString.cached("cf-cloudflared-proxy-src");
    private static final AsciiString RESPONSE_HEADERS =
            AsciiString.cached("cf-cloudflared-response-headers");
    private static final AsciiString RESPONSE_META =
            AsciiString.cached("cf-cloudflared-response-meta");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

    private static final String WEBSOCKET = "websocket";
    private static final String CONTROL = "control-stream";
    private static final String CONFIGURATION = "update-configuration";

    @Override
    public Http2Headers encode(StreamRequest request) {
        Http2Headers headers = new DefaultHttp2Headers(false, request.headers().size() + 6);
        headers.method(request.method())
                .scheme("https")
                .authority(request.authority())
                .path(request.path());
        Fields.addAll(headers, request.headers());
        // These say what a stream is for: never the client's to set.
        headers.remove(UPGRADE);
        headers.remove(TCP_SOURCE);
        switch (request.kind()) {
            case HTTP -> {}
            case WEBSOCKET -> headers.set(UPGRADE, WEBSOCKET);
            case CONTROL -> headers.set(UPGRADE, CONTROL);
            case CONFIGURATION -> headers.set(UPGRADE, CONFIGURATION);
            case TCP -> headers.set(TCP_SOURCE, "culvert");
        }
        return headers;
    }

    @Override
    public StreamRequest decodeRequest(Http2Headers headers, boolean end) throws ProtocolException {
        CharSequence upgrade = headers.get(UPGRADE);
        CharSequence source = headers.get(TCP_SOURCE);
        StreamKind kind;
        if (upgrade != null && CONFIGURATION.contentEquals(upgrade)) {
            kind = StreamKind.CONFIGURATION;
        } else if (upgrade != null && WEBSOCKET.contentEquals(upgrade)) {
            kind = StreamKind.WEBSOCKET;
        } else if (source != null && !source.isEmpty()) {
            kind = StreamKind.TCP;
        } else if (upgrade != null && CONTROL.contentEquals(upgrade)) {
            kind = StreamKind.CONTROL;
        } else {
            kind = StreamKind.HTTP;
        }
        HeaderList list = Fields.read(headers);
        list.remove("cf-cloudflared-proxy-connection-upgrade");
        return new StreamRequest(
                kind,
                text(headers.method(), "GET"),
                text(headers.authority(), ""),
                text(headers.path(), "/"),
                list,
                end);
    }

    @Override
    public Http2Headers encode(StreamRequest request, StreamResponse response) {
        Http2Headers headers = new DefaultHttp2Headers(false, 6);
        int status = response.status() == 101 ? 200 : response.status();
        headers.status(Integer.toString(status));
        if (request.kind() == StreamKind.CONTROL) {
            return headers;
        }
        OriginFailure failure = response.failure();
        if (failure != null) {
            headers.set(RESPONSE_META, new ResponseMeta(failure).encode());
            headers.set(CONTENT_LENGTH, "0");
            return headers;
        }
        if (request.kind() == StreamKind.CONFIGURATION) {
            return headers;
        }
        HeaderList fields = response.headers();
        if (response.status() == 101) {
            fields = fields.copy().add("Connection", "Upgrade").add("Upgrade", "websocket");
        }
        headers.set(RESPONSE_HEADERS, SerializedHeaders.encode(fields));
        headers.set(RESPONSE_META, ResponseMeta.ORIGIN.encode());
        String length = response.headers().first("content-length");
        if (length != null) {
            headers.set(CONTENT_LENGTH, length);
        }
        return headers;
    }

    @Override
    public StreamResponse decodeResponse(StreamRequest request, Http2Headers headers)
            throws ProtocolException {
        int status = status(headers);
        if (status == 101) {
            throw ProtocolException.of(":status", 101, "200 for an upgrade in HTTP/2");
        }
        if (status < 200) {
            // Only an interim answer's fields stand in the block itself.
            return StreamResponse.of(status, Fields.read(headers));
        }
        if (request.kind() == StreamKind.CONTROL || request.kind() == StreamKind.CONFIGURATION) {
            return StreamResponse.of(status, new HeaderList(0));
        }
        CharSequence metaText = headers.get(RESPONSE_META);
        ResponseMeta meta =
                metaText == null ? ResponseMeta.ORIGIN : ResponseMeta.parse(metaText.toString());
        OriginFailure failure = meta.failure();
        if (failure != null) {
            return StreamResponse.failed(failure);
        }
        CharSequence serialized = headers.get(RESPONSE_HEADERS);
        HeaderList fields =
                serialized == null
                        ? new HeaderList(2)
                        : SerializedHeaders.decode(serialized.toString());
        boolean accepted =
                request.kind() == StreamKind.WEBSOCKET
                        && status == 200
                        && (fields.contains("sec-websocket-accept") || fields.contains("upgrade"));
        HopByHop.remove(fields);
        return StreamResponse.of(accepted ? 101 : status, fields);
    }

    @Override
    public Http2Headers encodeTrailers(HeaderList trailers) {
        Http2Headers headers = new DefaultHttp2Headers(false, trailers.size());
        Fields.addAll(headers, trailers);
        return headers;
    }

    @Override
    public HeaderList decodeTrailers(Http2Headers headers) throws ProtocolException {
        return Fields.read(headers);
    }

    static int status(Http2Headers headers) throws ProtocolException {
        CharSequence status = headers.status();
        if (status == null || status.length() != 3) {
            throw ProtocolException.of(":status", String.valueOf(status), "three digits");
        }
        int value = 0;
        for (int i = 0; i < 3; i++) {
            char c = status.charAt(i);
            if (c < '0' || c > '9') {
                throw ProtocolException.of(
                        ":status", ProtocolException.quote(status.toString()), "three digits");
            }
            value = value * 10 + c - '0';
        }
        if (value < 100) {
            throw ProtocolException.of(":status", value, "100 to 999");
        }
        return value;
    }

    private static String text(@Nullable CharSequence value, String absent) {
        return value == null || value.isEmpty() ? absent : value.toString();
    }
}
