package dev.culvert.connector.engine;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.SerializedHeaders;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.HopByHop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The head of an HTTP/1.1 origin's answer: whether it is one, and what of it goes on. Stateless.
final class AnswerHead {
    /// Two are added for an upgrade.
    private static final int MAX_FIELDS = SerializedHeaders.MAX_FIELDS - 2;

    private AnswerHead() {}

    /// @return why the answer is refused, in words; null when it is not
    static @Nullable String problem(HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            return switch (response.decoderResult().cause()) {
                case TooLongHttpHeaderException e ->
                        "the answer's header fields are longer than "
                                + OriginResponseDecoder.MAX_FIELDS
                                + " bytes";
                case TooLongHttpLineException e ->
                        "the answer's first line is longer than "
                                + OriginResponseDecoder.MAX_LINE
                                + " bytes";
                case IllegalArgumentException e -> "not a valid HTTP response: " + said(e);
                case null, default -> "not a valid HTTP response";
            };
        }
        int status = response.status().code();
        boolean http1 =
                response.protocolVersion().protocolName().equals("HTTP")
                        && response.protocolVersion().majorVersion() == 1;
        if (!http1 || status < 100 || status > 999) {
            return "not a valid HTTP response";
        }
        String tooMuch = tooMuchForTheTunnel(response);
        if (tooMuch != null) {
            return tooMuch;
        }
        List<String> codings = response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return null;
        }
        if (response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return "not a valid HTTP response: both Transfer-Encoding and Content-Length";
        }
        boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
        if (!chunked || response.protocolVersion().minorVersion() == 0) {
            return "not a valid HTTP response: a Transfer-Encoding other than chunked";
        }
        return null;
    }

    private static @Nullable String tooMuchForTheTunnel(HttpResponse response) {
        if (response.headers().size() > MAX_FIELDS) {
            return "the answer has more than " + MAX_FIELDS + " header fields";
        }
        for (Map.Entry<String, String> field : response.headers()) {
            if (field.getKey().length() > SerializedHeaders.MAX_NAME
                    || field.getValue().length() > SerializedHeaders.MAX_VALUE) {
                return "a header field of the answer is longer than "
                        + SerializedHeaders.MAX_VALUE
                        + " bytes, or its name than "
                        + SerializedHeaders.MAX_NAME;
            }
        }
        return null;
    }

    /// Of a decoder's words only those that hold nothing of what the origin sent.
    private static String said(IllegalArgumentException cause) {
        String words = String.valueOf(cause.getMessage());
        return words.startsWith("both ") ? words : "its header fields";
    }

    /// True when only the end of the connection ends the body (RFC 9112, section 6.3).
    ///
    /// @param method of the request
    static boolean endsWithConnection(HttpResponse response, String method) {
        return switch (response.status().code()) {
            case 204, 205, 304 -> false;
            default ->
                    !method.equals("HEAD")
                            && !response.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                            && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        };
    }

    static StreamResponse read(HttpResponse response) {
        HeaderList headers = new HeaderList(response.headers().size());
        for (Map.Entry<String, String> field : response.headers()) {
            headers.add(field.getKey(), field.getValue());
        }
        HopByHop.remove(headers);
        return StreamResponse.of(response.status().code(), headers);
    }

    static HeaderList trailers(LastHttpContent last) {
        HeaderList trailers = new HeaderList(2);
        for (Map.Entry<String, String> field : last.trailingHeaders()) {
            trailers.add(field.getKey(), field.getValue());
        }
        return trailers;
    }
}
