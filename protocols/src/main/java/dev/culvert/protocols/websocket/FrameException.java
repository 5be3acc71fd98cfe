package dev.culvert.protocols.websocket;

import java.io.IOException;

/// The peer broke RFC 6455, or exceeded a limit. Scope: the whole WebSocket; answer with a close
/// frame of [#closeCode()] and end the connection.
public final class FrameException extends IOException {
    private final int closeCode;

    FrameException(int closeCode, String message) {
        super(message);
        this.closeCode = closeCode;
    }

    public int closeCode() {
        return closeCode;
    }
}
