package dev.culvert.connector.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.ReferenceCountUtil;

/// Decodes the answers of an HTTP/1.1 origin, strictly: an answer that two readers could cut at different
/// places would let one user's request be answered with another's bytes (RFC 9112, section 11.2).
///
/// Refused: both lengths, several lengths, a line that ends without CR, and what Netty refuses besides.
/// A folded header line is joined by a space (section 5.2).
///
/// Confined to its channel's event loop.
final class OriginResponseDecoder extends HttpResponseDecoder {
    static final int MAX_LINE = 16 * 1024;

    /// Serialized for the tunnel the fields take a third more, and must still fit into what a tunnel
    /// connection takes.
    static final int MAX_FIELDS = 128 * 1024;

    private static final HttpDecoderConfig CONFIG =
            new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_LINE)
                    .setMaxHeaderSize(MAX_FIELDS)
                    .setMaxChunkSize(64 * 1024)
                    .setStrictLineParsing(true)
                    .setUseRfc9112TransferEncoding(true);

    private boolean expecting;
    private boolean head;

    OriginResponseDecoder() {
        super(CONFIG);
    }

    /// A request is about to be sent.
    ///
    /// @param head its method is HEAD: the answer has no body
    void expect(boolean head) {
        this.expecting = true;
        this.head = head;
    }

    /// Its answer is complete.
    ///
    /// @return whether nothing came behind it
    boolean finished() {
        expecting = false;
        return actualReadableBytes() == 0;
    }

    /// Bytes that nobody asked for end the connection, also when they are no whole message.
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (!expecting && message instanceof ByteBuf) {
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        super.channelRead(ctx, message);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        boolean interim =
                message instanceof HttpResponse response
                        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        return (head && !interim) || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
    }
}
