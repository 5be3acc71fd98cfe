package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.websocket.CloseCode;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;

/// What guacd's end of a session means, in words for people. guacd's own are rough: of 1.3.0 a wrong password and a refused
/// connection have the same code, so nothing is claimed that the code does not say. Stateless.
final class HostEnding {
    private HostEnding() {}

    /// @param status in guacd's instruction `error`; null when it said goodbye, or nothing
    /// @param way why there was no way to the host; null when there was
    /// @param shown whether a picture has come
    static Ending of(
            @Nullable GuacamoleStatus status, @Nullable RefusedException way, boolean shown) {
        if (way != null) {
            return Ending.failed(GuacamoleStatus.UPSTREAM_UNAVAILABLE, way);
        }
        if (status == null) {
            return shown
                    ? Ending.OVER
                    : failed(
                            GuacamoleStatus.UPSTREAM_ERROR,
                            "The host ended the session before it showed anything.");
        }
        return switch (status) {
            case SUCCESS -> Ending.OVER;
            case SESSION_CLOSED ->
                    new Ending(
                            status,
                            CloseCode.NORMAL,
                            "The host has ended the session: somebody signed out.");
            case SESSION_CONFLICT ->
                    failed(
                            status,
                            "The host has ended the session: the same user signed in elsewhere.");
            case SESSION_TIMEOUT ->
                    failed(status, "The host has ended the session: it was idle for too long.");
            case CLIENT_UNAUTHORIZED, CLIENT_FORBIDDEN ->
                    failed(
                            status,
                            "The host did not let this session in. Check user name and password, and which security"
                                    + " it accepts.");
            case UPSTREAM_TIMEOUT -> failed(status, "The host does not answer any more.");
            case CLIENT_TIMEOUT -> failed(status, "The browser did not answer for 15 s.");
            case CLIENT_TOO_MANY, SERVER_BUSY ->
                    failed(status, "guacd has no room for another session. Try again later.");
            default ->
                    shown
                            ? failed(status, "The connection to the host was lost.")
                            : failed(
                                    status,
                                    "The host ended the connection while it was set up. Often user name or password are"
                                            + " wrong, or it does not accept this kind of connection.");
        };
    }

    private static Ending failed(GuacamoleStatus status, String words) {
        return Ending.failed(status, words);
    }
}
