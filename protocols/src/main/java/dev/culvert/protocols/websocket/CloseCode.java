package dev.culvert.protocols.websocket;

/// Status codes of a close frame, RFC 6455, section 7.4.1, and IANA's registry.
public final class CloseCode {
    public static final int NORMAL = 1000;
    public static final int GOING_AWAY = 1001;
    public static final int PROTOCOL_ERROR = 1002;
    public static final int UNSUPPORTED_DATA = 1003;

    /// Never on the wire: the close frame had no code.
    public static final int NO_STATUS = 1005;

    /// Never on the wire: the connection ended without a close frame.
    public static final int ABNORMAL = 1006;

    public static final int INVALID_PAYLOAD = 1007;
    public static final int POLICY_VIOLATION = 1008;
    public static final int MESSAGE_TOO_BIG = 1009;
    public static final int INTERNAL_ERROR = 1011;
    public static final int SERVICE_RESTART = 1012;
    public static final int TRY_AGAIN_LATER = 1013;
    public static final int BAD_GATEWAY = 1014;

    private CloseCode() {}

    /// Whether a peer may send this code. 1004 to 1006 and 1015 are reserved, 1016 to 2999 are
    /// for extensions of the protocol, none of which is spoken here.
    static boolean mayBeSent(int code) {
        return (code >= NORMAL && code <= UNSUPPORTED_DATA)
                || (code >= INVALID_PAYLOAD && code <= BAD_GATEWAY)
                || (code >= 3000 && code <= 4999);
    }
}
