package dev.culvert.transport.quic;

import dev.culvert.protocols.quic.BodyFrames;
import dev.culvert.protocols.quic.Dialect;
import dev.culvert.transport.CarrierContract;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.testing.Side;
import io.netty.channel.EventLoop;

/// The carrier contract over QUIC, in the dialect of our own programs.
final class QuicCarrierTest extends CarrierContract {
    @Override
    protected Ends connect(
            EventLoops types, EventLoop edgeLoop, EventLoop connectorLoop, StreamTarget target)
            throws Exception {
        return QuicEnds.connect(types, edgeLoop, connectorLoop, target, Dialect.alpns());
    }

    @Override
    protected StreamFault.Kind carried(StreamFault.Kind kind) {
        return switch (kind) {
            case CANCELLED, REFUSED, NOT_READ -> kind;
            case CONNECTION_LOST, PROTOCOL, TIMED_OUT, INTERNAL -> StreamFault.Kind.PROTOCOL;
        };
    }

    @Override
    protected int largestBody() {
        return 2 * BodyFrames.INITIAL_CREDIT;
    }

    @Override
    protected int moreThanUnread() {
        return QuicEnds.LARGEST;
    }

    @Override
    protected int smallPieces() {
        return 20_000;
    }

    /// In QUIC nothing counts them; see `QuicConnectionTest` for what they leave.
    @Override
    protected int resets() {
        return 200;
    }

    /// What the reader's end has granted, and the sender's own limit.
    @Override
    protected int mostUnread() {
        return BodyFrames.INITIAL_CREDIT + Side.LIMIT + 16 * 1024;
    }
}
