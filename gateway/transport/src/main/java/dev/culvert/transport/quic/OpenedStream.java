package dev.culvert.transport.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.quic.BodyFrames;
import dev.culvert.protocols.quic.ConnectResponse;
import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.quic.Preamble;
import dev.culvert.protocols.quic.QuicHeads;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.HopByHop;
import dev.culvert.transport.StreamFault;
import io.netty.handler.codec.quic.StreamRelease;
import java.nio.ByteBuffer;

/// A data stream at the edge, which opened it: a [StreamRequest] goes out, an answer comes back.
///
/// Confined to its connection's event loop.
final class OpenedStream extends QuicStreamSide {
    private final StreamRequest request;
    private final PreambleReader preamble = new PreambleReader();
    private MessageFramer framer = ConnectResponse.framer();
    private boolean stopped;

    OpenedStream(QuicLink link, Dialect dialect, StreamRequest request) {
        super(link, dialect);
        this.request = request;
    }

    /// Sends the head. The channel is there.
    void start() {
        output().head(Preamble.DATA.bytes(), QuicHeads.encode(request).encode());
        if (request.endOfBody()) {
            endLocal(isFramed() ? BodyFrames.end() : null);
        }
    }

    @Override
    void grant(int bytes) {
        output().grant(bytes);
    }

    @Override
    boolean readHead(ByteBuffer in) throws ProtocolException {
        if (!preamble.read(in)) {
            return false;
        }
        if (preamble.kind() != Preamble.DATA) {
            throw new ProtocolException("signature of an answer: not a data stream's");
        }
        while (true) {
            Struct message = framer.next(in);
            if (message == null) {
                return false;
            }
            ConnectResponse head = ConnectResponse.decode(message);
            int credit = QuicHeads.credit(head);
            if (credit > 0) {
                output().allow(credit);
                framer = ConnectResponse.framer();
                continue;
            }
            StreamResponse response = QuicHeads.decode(request, head);
            HopByHop.remove(response.headers());
            if (response.status() >= 200
                    || response.status() == 101
                    || response.failure() != null) {
                other().response(response, false);
                return true;
            }
            other().informational(response);
            framer = ConnectResponse.framer();
        }
    }

    @Override
    StreamFault resetByPeer(long code) {
        return StreamFault.protocol("the connector reset the stream, code " + code);
    }

    /// cloudflared reads no more of the request; its answer may still be coming.
    @Override
    void stoppedByPeer() {
        stopped = true;
        if (hasRemoteEnded()) {
            fail(StreamFault.notRead());
        }
    }

    @Override
    StreamFault stopped() {
        return hasRemoteEnded()
                ? StreamFault.notRead()
                : StreamFault.protocol("the connector stopped the stream");
    }

    @Override
    void remoteEnded() {
        if (stopped || !hasLocalEnded() && StreamRelease.isStopped(channel())) {
            fail(StreamFault.notRead());
        }
    }

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("the edge asks, it does not answer");
    }
}
