package io.netty.handler.codec.quic;

/// Lets go of a stream that ended by a reset.
///
/// Netty (4.2.18) forgets a stream's channel only once it has read the stream's FIN, so one that was reset,
/// by either end, stays in its connection's map until the connection ends: a connection of weeks would
/// grow with each request somebody cancelled. The map is package-private, hence this class's place. Delete it
/// when `QuicConnectionTest.forgetsStreamsThatWereReset` passes without it.
///
/// Called on the connection's event loop.
public final class StreamRelease {
    private StreamRelease() {}

    /// Closes the channel and forgets it. What was written before stays under way in the QUIC library.
    public static void release(QuicStreamChannel stream) {
        stream.close();
        if (stream.parent() instanceof QuicheQuicChannel connection) {
            connection.streamClosed(stream.streamId());
        }
    }

    /// Whether nothing of the peer's direction is left to be read but its end: FIN, or a reset. Seen without
    /// reading, since a stream whose reader has stopped would otherwise learn it only when that reader goes
    /// on.
    public static boolean isAtItsEnd(QuicStreamChannel stream) {
        if (!(stream.parent().sslEngine() instanceof QuicheQuicSslEngine tls)) {
            return false;
        }
        QuicheQuicConnection connection = tls.connection;
        return stream.isActive()
                && connection != null
                && !connection.isFreed()
                && Quiche.quiche_conn_stream_finished(connection.address(), stream.streamId());
    }

    /// Whether the peer reads no more of our direction. A write tells it too, but not once the peer's
    /// direction has ended: then the library has forgotten the stream, and Netty keeps the write for ever.
    public static boolean isStopped(QuicStreamChannel stream) {
        return stream.parent() instanceof QuicheQuicChannel connection
                && connection.isActive()
                && connection.streamCapacity(stream.streamId()) < 0;
    }
}
