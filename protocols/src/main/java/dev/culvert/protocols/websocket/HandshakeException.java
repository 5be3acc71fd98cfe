package dev.culvert.protocols.websocket;

import java.io.IOException;

/// The peer's answer to an opening handshake is not HTTP/1.1, exceeds a limit, or is a 101 that
/// breaks RFC 6455. Scope: the whole connection.
public final class HandshakeException extends IOException {
    HandshakeException(String message) {
        super(message);
    }
}
