package io.netty.handler.codec.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Lets go of a stream that ended by a reset.
///
/// Netty (4.2.18) forgets a stream's channel only once it has read the stream's FIN, so one that was reset,
/// by either end, stays in its connection's map until the connection ends: a connection of weeks would
/// grow with each request somebody cancelled. The map is package-private, hence this class's place. Delete it
/// when `QuicCarrierTest.forgetsStreamsThatWereReset` passes without it.
///
/// Called on the connection's event loop.
public final class StreamRelease {
    /// Takes no byte, but has an address as the library wants it.
    private static final ByteBuf NOTHING =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(1, 1).writerIndex(1));

    private StreamRelease() {}

    /// Closes the channel and forgets it. What was written before stays under way in the QUIC library.
    public static void release(QuicStreamChannel stream) {
        stream.close();
        if (stream.parent() instanceof QuicheQuicChannel connection) {
            connection.streamClosed(stream.streamId());
        }
    }

    /// Whether the peer has reset its direction; seen without reading, since a stream whose reader has
    /// stopped would otherwise learn it only when that reader goes on.
    public static boolean wasReset(QuicStreamChannel stream) {
        if (!(stream.parent() instanceof QuicheQuicChannel connection) || !stream.isActive()) {
            return false;
        }
        try {
            connection.streamRecv(stream.streamId(), NOTHING.duplicate());
            return false;
        } catch (QuicStreamResetException e) {
            return true;
        } catch (Exception e) {
            // Not readable, or the connection is gone: told in other ways.
            return false;
        }
    }
}
