package dev.culvert.transport.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/// Our receive windows. The connection's is refilled on receipt. A stream's may be below zero after the
/// initial window has been made smaller (RFC 9113, section 6.9.2); then an empty DATA frame, by which
/// many peers end a stream, is still in order, while Netty takes it for an overrun.
///
/// Confined to the connection's event loop.
final class ReceiveWindows extends DefaultHttp2LocalFlowController {
    ReceiveWindows(Http2Connection connection, float refillRatio) {
        super(connection, refillRatio, true);
    }

    @Override
    public void receiveFlowControlledFrame(
            Http2Stream stream, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        if (padding == 0 && !data.isReadable() && stream != null && windowSize(stream) < 0) {
            return;
        }
        super.receiveFlowControlledFrame(stream, data, padding, endOfStream);
    }
}
