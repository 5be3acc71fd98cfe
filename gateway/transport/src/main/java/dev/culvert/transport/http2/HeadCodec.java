package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.HopByHop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/// How heads of streams stand in HTTP/2 header blocks. Three exist: between edge and
/// connector ([TunnelHeads]), and plain HTTP/2 as browsers speak it to us ([PublicHeads]) and we to an
/// origin ([OriginHeads]).
///
/// Implementations are stateless and thread-safe.
public interface HeadCodec {
    Http2Headers encode(StreamRequest request);

    /// @param end END_STREAM was set
    StreamRequest decodeRequest(Http2Headers headers, boolean end) throws ProtocolException;

    Http2Headers encode(StreamRequest request, StreamResponse response);

    /// @param request what this answers
    StreamResponse decodeResponse(StreamRequest request, Http2Headers headers)
            throws ProtocolException;

    /// An interim answer (RFC 9113, section 8.1): its fields stand there plainly, in both codecs.
    default Http2Headers encodeInterim(StreamResponse interim) {
        HeaderList fields = interim.headers();
        HopByHop.remove(fields);
        fields.remove("content-length");
        Http2Headers headers = new DefaultHttp2Headers(false, fields.size() + 1);
        headers.status(Integer.toString(interim.status()));
        Fields.addAll(headers, fields);
        return headers;
    }

    Http2Headers encodeTrailers(HeaderList trailers);

    HeaderList decodeTrailers(Http2Headers headers) throws ProtocolException;

    /// Whether anybody may be at the other end: then it is cut when it makes too many streams end by a
    /// reset. Edge and connector know each other, and a reset after an answer is their daily work.
    default boolean peerIsStranger() {
        return false;
    }
}
