package dev.culvert.plugin.testkit;

/// How a stream reaches the connector's engine.
public enum Arrangement {
    /// Handed to the engine on an event loop, without a carrier.
    DIRECT,
    /// Through HTTP/2 over TLS on loopback, opened as the edge opens it, each end on a loop of its own.
    TUNNEL
}
