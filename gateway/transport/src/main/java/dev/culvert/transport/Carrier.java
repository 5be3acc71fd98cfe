package dev.culvert.transport;

import io.netty.channel.EventLoop;
import java.time.Duration;

/// One connection between a connector and an edge, whatever protocol is under it: HTTP/2 over TLS or
/// QUIC. Carries streams; [StreamTarget#open] opens one towards the connector.
///
/// The control stream is opened like any other, by the edge: a carrier whose protocol has the connector
/// open it joins the two by itself.
///
/// Confined to the event loop of its channel, but for the methods that say otherwise.
public interface Carrier extends StreamTarget {
    /// `http2` or `quic`, as in logs and metrics.
    String protocol();

    /// Number of open streams, those whose reader has stopped counted more than once. Thread-safe.
    int load();

    /// True while new streams can be opened. Thread-safe.
    boolean isOpen();

    /// Grows with everything the peer sends on streams; liveness goes by it. On the event loop.
    default long heardOnStreams() {
        return 0;
    }

    /// The channel's event loop, known once the channel has one. Thread-safe.
    EventLoop loop();

    /// Takes no new stream, and closes once none is left, at the latest after `deadline`. Thread-safe.
    void drain(Duration deadline);

    /// Closes at once; every stream is reset. Thread-safe.
    void abort();

    /// Takes no new stream from here on; those that are open go on. For a peer that will close by
    /// itself.
    void stopOpening();

    /// The peer turned out to return connection-level credit on receipt: one stream cannot stop the
    /// others, so none is held back.
    void peerRefillsItsWindow();
}
