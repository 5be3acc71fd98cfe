package dev.culvert.transport.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.quic.ConnectRequest;
import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.quic.Preamble;
import dev.culvert.protocols.quic.QuicHeads;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.HopByHop;
import dev.culvert.transport.StreamFault;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A data stream at the connector, opened by the edge: a request comes, an answer goes back.
///
/// Confined to its connection's event loop.
final class ServedStream extends QuicStreamSide {
    private final PreambleReader preamble = new PreambleReader();
    private final MessageFramer framer = ConnectRequest.framer();
    private @Nullable StreamRequest request;
    private boolean preambleSent;
    private boolean headSent;

    ServedStream(QuicLink link, Dialect dialect) {
        super(link, dialect);
    }

    /// Before the answer's head a credit is a head of its own.
    @Override
    void grant(int bytes) {
        if (headSent) {
            output().grant(bytes);
        } else {
            send(QuicHeads.credit(bytes).encode());
        }
    }

    @Override
    boolean readHead(ByteBuffer in) throws ProtocolException {
        if (!preamble.read(in)) {
            return false;
        }
        if (preamble.kind() == Preamble.RPC) {
            link.becomeRpc(this, in);
            return false;
        }
        Struct message = framer.next(in);
        if (message == null) {
            return false;
        }
        StreamRequest head = QuicHeads.decode(ConnectRequest.decode(message));
        HopByHop.remove(head.headers());
        request = head;
        if (head.endOfBody()) {
            withoutBody();
        }
        meet(link.target().open(head, this, link.loop()));
        return true;
    }

    @Override
    public void informational(StreamResponse interim) {
        if (!isOver() && !headSent && isFramed()) {
            write(interim);
        }
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        if (isOver() || headSent) {
            return;
        }
        headSent = true;
        write(response);
        if (end || response.failure() != null) {
            data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void write(StreamResponse response) {
        StreamRequest head = request;
        if (head == null) {
            throw new IllegalStateException("an answer before the request");
        }
        byte[] message;
        try {
            message = QuicHeads.encode(head, response).encode();
        } catch (IllegalArgumentException e) {
            // A field the other side took from its origin cannot be carried; only this stream ends.
            reset(StreamFault.internal("the head cannot be sent"));
            other().reset(StreamFault.protocol(String.valueOf(e.getMessage())));
            return;
        }
        send(message);
    }

    private void send(byte[] message) {
        if (preambleSent) {
            output().head(message);
        } else {
            preambleSent = true;
            output().head(Preamble.DATA.bytes(), message);
        }
    }

    @Override
    StreamFault resetByPeer(long code) {
        return StreamFault.cancelled("the edge cancelled the stream");
    }

    @Override
    void stoppedByPeer() {
        fail(stopped());
    }

    @Override
    StreamFault stopped() {
        return StreamFault.cancelled("the edge reads no more of the answer");
    }

    @Override
    void remoteEnded() {}
}
