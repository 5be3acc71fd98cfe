package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.websocket.CloseCode;
import org.apache.guacamole.protocol.GuacamoleStatus;

/// How a browser's part in a session ends. Immutable.
///
/// @param status of the instruction `error`; [GuacamoleStatus#SUCCESS] for none
/// @param closeCode of the WebSocket
/// @param words for people
record Ending(GuacamoleStatus status, int closeCode, String words) {
    /// The browser has gone; nobody is told.
    static final Ending LEFT = new Ending(GuacamoleStatus.SUCCESS, CloseCode.NORMAL, "");

    /// The host has ended it.
    static final Ending OVER = new Ending(GuacamoleStatus.SUCCESS, CloseCode.NORMAL, "");

    /// Somebody has ended it: policies, an administrator, idleness.
    static Ending ended(String reason) {
        return new Ending(GuacamoleStatus.SESSION_CLOSED, CloseCode.POLICY_VIOLATION, reason);
    }

    static Ending failed(GuacamoleStatus status, String words) {
        return new Ending(status, CloseCode.INTERNAL_ERROR, words);
    }

    static Ending failed(GuacamoleStatus status, RefusedException reason) {
        return failed(status, reason.getMessage() + " " + reason.next());
    }

    /// The browser said what is not of the protocol.
    static Ending nonsense(String problem) {
        return new Ending(GuacamoleStatus.CLIENT_BAD_REQUEST, CloseCode.UNSUPPORTED_DATA, problem);
    }
}
