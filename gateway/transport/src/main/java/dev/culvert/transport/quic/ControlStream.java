package dev.culvert.transport.quic;

import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import java.nio.ByteBuffer;

/// The control stream, at either end: bytes without a head. The connector opens it, though for both its
/// users the edge seems to, as in HTTP/2.
///
/// Confined to its connection's event loop.
final class ControlStream extends QuicStreamSide {
    ControlStream(QuicLink link) {
        super(link, null);
    }

    /// It has no framing.
    @Override
    void grant(int bytes) {}

    @Override
    boolean readHead(ByteBuffer in) {
        return true;
    }

    /// There is nothing to answer: the stream is the answer.
    @Override
    public void response(StreamResponse response, boolean end) {}

    @Override
    StreamFault resetByPeer(long code) {
        return StreamFault.cancelled("the control stream was reset");
    }

    @Override
    void stoppedByPeer() {
        fail(stopped());
    }

    @Override
    StreamFault stopped() {
        return StreamFault.cancelled("the control stream is not read any more");
    }

    @Override
    void remoteEnded() {}
}
