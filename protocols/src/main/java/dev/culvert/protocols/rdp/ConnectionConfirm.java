package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The variable part of a Connection Confirm: nothing, the protocol the server chose (`0x02`), or why it refuses
/// (`0x03`). Immutable.
///
/// Source: MS-RDPBCGR, section 2.2.1.2.
public sealed interface ConnectionConfirm {
    /// The server does not negotiate: RDP's own security.
    record Old() implements ConnectionConfirm {}

    /// @param protocol of [SecurityProtocol]
    record Chosen(int protocol) implements ConnectionConfirm {}

    /// @param code one of those below
    record Failed(int code) implements ConnectionConfirm {
        /// The specification's name of the code.
        public String name() {
            return code >= 0 && code < FAILURES.length
                    ? FAILURES[code]
                    : "0x" + Integer.toHexString(code);
        }
    }

    int SSL_REQUIRED_BY_SERVER = 1;
    int SSL_NOT_ALLOWED_BY_SERVER = 2;
    int SSL_CERT_NOT_ON_SERVER = 3;
    int INCONSISTENT_FLAGS = 4;
    int HYBRID_REQUIRED_BY_SERVER = 5;
    int SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER = 6;

    String[] FAILURES = {
        "0",
        "SSL_REQUIRED_BY_SERVER",
        "SSL_NOT_ALLOWED_BY_SERVER",
        "SSL_CERT_NOT_ON_SERVER",
        "INCONSISTENT_FLAGS",
        "HYBRID_REQUIRED_BY_SERVER",
        "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"
    };

    int TYPE_RDP_NEG_RSP = 0x02;
    int TYPE_RDP_NEG_FAILURE = 0x03;

    /// @param body the variable part, from index 0 to its limit; not changed
    static ConnectionConfirm decode(ByteBuffer body) throws ProtocolException {
        if (body.limit() < 8) {
            return new Old();
        }
        int value = body.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        return switch (body.get(0)) {
            case TYPE_RDP_NEG_RSP -> new Chosen(value);
            case TYPE_RDP_NEG_FAILURE -> new Failed(value);
            default -> throw new ProtocolException("RDP answer has a malformed negotiation");
        };
    }
}
