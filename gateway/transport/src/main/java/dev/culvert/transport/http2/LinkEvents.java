package dev.culvert.transport.http2;

/// What happens to a connection as a whole; called on its event loop.
public interface LinkEvents {
    LinkEvents NONE = new LinkEvents() {};

    /// Both prefaces have been exchanged: streams can be opened.
    default void ready(Http2Link link) {}

    /// The peer will accept no more streams.
    default void goingAway(Http2Link link) {}

    /// The connection is closed; every stream has been reset before.
    default void closed(Http2Link link) {}
}
