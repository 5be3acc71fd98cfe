package dev.culvert.plugin.rdp;

import dev.culvert.plugin.FirstBytes.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The variable part of a Connection Confirm: nothing, the protocol the server chose
/// (`0x02`), or why it refuses (`0x03`). A refusal passes: the client shows it best. Pure.
///
/// Source: MS-RDPBCGR, section 2.2.1.2.
final class ConnectionConfirm {
    private static final int TYPE_RDP_NEG_RSP = 0x02;
    private static final int TYPE_RDP_NEG_FAILURE = 0x03;
    private static final String[] FAILURES = {
        "0",
        "SSL_REQUIRED_BY_SERVER",
        "SSL_NOT_ALLOWED_BY_SERVER",
        "SSL_CERT_NOT_ON_SERVER",
        "INCONSISTENT_FLAGS",
        "HYBRID_REQUIRED_BY_SERVER",
        "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"
    };

    private ConnectionConfirm() {}

    static Verdict inspect(ByteBuffer body) {
        if (body.limit() < 8) {
            return new Verdict.Accept("security=rdp");
        }
        int value = body.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        return switch (body.get(0)) {
            case TYPE_RDP_NEG_RSP ->
                    new Verdict.Accept("security=" + ConnectionRequest.security(value));
            case TYPE_RDP_NEG_FAILURE -> new Verdict.Accept("refused=" + failure(value));
            default -> new Verdict.Refuse("the origin's RDP answer has a malformed negotiation");
        };
    }

    private static String failure(int code) {
        return code >= 0 && code < FAILURES.length
                ? FAILURES[code]
                : "0x" + Integer.toHexString(code);
    }
}
