package dev.culvert.transport.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Netty's decoder, without what it forgives and another parser on the way may read differently
/// (RFC 9112, sections 2.2, 3, 5.2 and 6; each is a way to smuggle a request).
///
/// Refused here: a request line that is not `METHOD SP TARGET SP HTTP/1.x`, folded field lines, bare CR
/// and LF, several `Content-Length` (Netty takes the first of them for HTTP/1.0), the fields of an early
/// WebSocket draft by which Netty reads a body of eight bytes. Netty itself refuses bad names and
/// values, lengths that are not digits, both kinds of length together and bad chunks.
///
/// Confined to its channel's event loop.
final class StrictRequestDecoder extends HttpRequestDecoder {
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString DRAFT_KEY = AsciiString.cached("sec-websocket-key1");
    private static final byte CR = '\r';
    private static final byte LF = '\n';
    private static final int VERSION_LENGTH = "HTTP/1.1".length();

    private final Runnable headBegun;
    private boolean inHead = true;
    private boolean requestLineRead;
    private boolean begun;
    private boolean broken;
    private int lengths;

    /// @param headBegun told when a head has begun and is not complete yet
    StrictRequestDecoder(HttpDecoderConfig config, Runnable headBegun) {
        super(config);
        this.headBegun = headBegun;
    }

    /// Part of a request's head has come. False between requests and in bodies.
    boolean isHeadUnderWay() {
        return begun;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        RefusedRequestException refused = inHead ? violation(in) : null;
        if (refused != null) {
            broken = true;
            begun = false;
            in.skipBytes(in.readableBytes());
            HttpMessage invalid = createInvalidMessage();
            invalid.setDecoderResult(DecoderResult.failure(refused));
            out.add(invalid);
            return;
        }
        int before = out.size();
        super.decode(ctx, in, out);
        for (int i = before; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpRequest) {
                inHead = false;
                begun = false;
                requestLineRead = false;
            }
            if (message instanceof LastHttpContent) {
                inHead = true;
            }
        }
        if (inHead && !begun && (requestLineRead || in.isReadable())) {
            begun = true;
            headBegun.run();
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        if (!broken) {
            super.decodeLast(ctx, in, out);
        }
    }

    /// Looks through the lines of a head that have come, up to the empty one at its end.
    private @Nullable RefusedRequestException violation(ByteBuf in) {
        int end = in.writerIndex();
        int at = in.readerIndex();
        boolean requestLine = !requestLineRead;
        while (requestLine && at < end && (in.getByte(at) == CR || in.getByte(at) == LF)) {
            at++;
        }
        while (at < end) {
            byte start = in.getByte(at);
            if (start == ' ' || start == '\t') {
                return bad(requestLine ? "white space before the request" : "a folded field line");
            }
            int lf = in.indexOf(at, end, LF);
            if (lf < 0) {
                return null;
            }
            if (in.indexOf(at, lf, CR) != lf - 1) {
                return bad("a line that does not end with CR LF");
            }
            if (lf == at + 1) {
                return null;
            }
            if (requestLine) {
                RefusedRequestException refused = requestLineViolation(in, at, lf - 1);
                if (refused != null) {
                    return refused;
                }
            }
            requestLine = false;
            at = lf + 1;
        }
        return null;
    }

    private static @Nullable RefusedRequestException requestLineViolation(
            ByteBuf in, int start, int end) {
        int spaces = 0;
        int last = start - 1;
        for (int i = start; i < end; i++) {
            int b = in.getByte(i) & 0xff;
            if (b == ' ') {
                if (i == last + 1) {
                    return bad("an empty part of the request line");
                }
                spaces++;
                last = i;
            } else if (b < 0x20 || b == 0x7f) {
                return bad("a control character in the request line");
            } else if (b == '#' && spaces == 1) {
                return bad("a fragment in the request's address");
            }
        }
        if (spaces != 2) {
            return bad("a request line that is not METHOD TARGET HTTP/1.1");
        }
        String version =
                end - last - 1 == VERSION_LENGTH
                        ? in.toString(last + 1, VERSION_LENGTH, StandardCharsets.US_ASCII)
                        : "";
        if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) {
            return null;
        }
        return version.matches("HTTP/\\d\\.\\d")
                ? new RefusedRequestException(505, "This is " + version + ", not HTTP/1.1.")
                : bad("a request line that is not METHOD TARGET HTTP/1.1");
    }

    private static RefusedRequestException bad(String what) {
        return new RefusedRequestException(400, "Bad request: " + what + ".");
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        requestLineRead = true;
        lengths = 0;
        return super.createMessage(initialLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        if (inHead
                && length == CONTENT_LENGTH.length()
                && name.contentEqualsIgnoreCase(CONTENT_LENGTH)
                && ++lengths > 1) {
            throw bad("more than one Content-Length");
        }
        if (length == DRAFT_KEY.length() && name.contentEqualsIgnoreCase(DRAFT_KEY)) {
            throw bad("a WebSocket of a draft from before RFC 6455");
        }
        return name;
    }
}
