package dev.culvert.transport;

/// What happens to a connection as a whole; called on its event loop.
public interface CarrierEvents {
    CarrierEvents NONE = new CarrierEvents() {};

    /// Streams can be opened.
    default void ready(Carrier carrier) {}

    /// The last open stream has ended.
    default void idle(Carrier carrier) {}

    /// The peer will accept no more streams.
    default void goingAway(Carrier carrier) {}

    /// The connection is closed; every stream has been reset before.
    default void closed(Carrier carrier) {}
}
