package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The variable part of a Connection Request: one line of a cookie or a routing token, then a negotiation request;
/// each may be missing. Immutable.
///
/// | bytes | value |
/// |---|---|
/// | … | `Cookie: mstshash=NAME` or a routing token such as `Cookie: msts=…`, ended by CR LF |
/// | 1 | `0x01`, TYPE_RDP_NEG_REQ |
/// | 1 | flags |
/// | 2 | 8, little endian |
/// | 4 | requested protocols, little endian |
///
/// What may follow (correlation information) is not looked at, and flags are neither read nor set.
///
/// Source: MS-RDPBCGR, section 2.2.1.1.
///
/// @param cookie the user name the client gave, cut at 9 characters by some clients; or null
/// @param routingToken what a broker told the client to send, or null
/// @param requestedProtocols bits of [SecurityProtocol]; -1 when the client does not negotiate
public record ConnectionRequest(
        @Nullable String cookie, @Nullable String routingToken, int requestedProtocols) {
    private static final int TYPE_RDP_NEG_REQ = 0x01;
    private static final int NEG_LENGTH = 8;
    private static final String COOKIE = "Cookie: mstshash=";
    private static final int SHOWN = 40;

    /// @param body the variable part, from index 0 to its limit; not changed
    public static ConnectionRequest decode(ByteBuffer body) throws ProtocolException {
        String cookie = null;
        String token = null;
        int at = 0;
        if (body.limit() > 0 && body.get(0) != TYPE_RDP_NEG_REQ) {
            int end = lineEnd(body);
            if (end < 0) {
                throw new ProtocolException("RDP connection request has a cookie without an end");
            }
            byte[] bytes = new byte[end];
            body.get(0, bytes);
            String line = new String(bytes, StandardCharsets.ISO_8859_1);
            if (line.regionMatches(true, 0, COOKIE, 0, COOKIE.length())) {
                cookie = line.substring(COOKIE.length());
            } else {
                token = line;
            }
            at = end + 2;
        }
        int protocols = -1;
        if (at < body.limit()) {
            if (body.limit() - at < NEG_LENGTH
                    || body.get(at) != TYPE_RDP_NEG_REQ
                    || body.get(at + 2) != NEG_LENGTH
                    || body.get(at + 3) != 0) {
                throw new ProtocolException("RDP connection request has a malformed negotiation");
            }
            protocols = body.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
        }
        return new ConnectionRequest(cookie, token, protocols);
    }

    /// The whole packet.
    ///
    /// @throws IllegalArgumentException when it is longer than such packets may be
    public byte[] packet() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String line = cookie != null ? COOKIE + cookie : routingToken;
        if (line != null) {
            body.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        if (requestedProtocols != -1) {
            body.writeBytes(
                    ByteBuffer.allocate(NEG_LENGTH)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .put((byte) TYPE_RDP_NEG_REQ)
                            .put((byte) 0)
                            .putShort((short) NEG_LENGTH)
                            .putInt(requestedProtocols)
                            .array());
        }
        return ConnectionPacket.of(ConnectionPacket.CONNECTION_REQUEST, body.toByteArray());
    }

    /// For the log: `cookie="alice" security=tls,credssp`.
    public String summary() {
        StringBuilder text = new StringBuilder();
        if (cookie != null) {
            text.append("cookie=").append(shown(cookie)).append(' ');
        }
        if (routingToken != null) {
            text.append("token=").append(shown(routingToken)).append(' ');
        }
        return text.append("security=")
                .append(SecurityProtocol.names(requestedProtocols))
                .toString();
    }

    private static int lineEnd(ByteBuffer body) {
        for (int i = 0; i + 1 < body.limit(); i++) {
            if (body.get(i) == '\r' && body.get(i + 1) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static String shown(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(SHOWN, value.length()); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
                text.append(String.format("\\x%02x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append(value.length() > SHOWN ? "...\"" : "\"").toString();
    }
}
