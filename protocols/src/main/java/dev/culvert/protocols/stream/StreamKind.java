package dev.culvert.protocols.stream;

/// What a stream is for, decided by its opener and told to the other end by the carrier.
///
/// Source: cloudflared, `connection/http2.go` (HTTP/2) and `quic_metadata_protocol.capnp` (QUIC).
public enum StreamKind {
    /// A request and its response.
    HTTP,
    /// A WebSocket upgrade: after a 101 the stream is the raw WebSocket bytes of both directions.
    WEBSOCKET,
    /// Raw bytes to an IP address and port given as the authority (private network).
    TCP,
    /// The registration conversation, the first stream of each connection.
    CONTROL,
    /// The edge hands the connector a new configuration.
    CONFIGURATION
}
