package dev.culvert.protocols.websocket;

/// The side of a WebSocket that a codec works for. Clients mask what they send, servers do not
/// (RFC 6455, section 5.1).
public enum Role {
    CLIENT,
    SERVER
}
