package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The first packet of either side of RDP, a TPKT packet (RFC 1006, section 6) with an X.224 connection TPDU:
///
/// | offset | bytes | value |
/// |---|---|---|
/// | 0 | 1 | version, 3 |
/// | 1 | 1 | reserved, 0 |
/// | 2 | 2 | length of the packet with these 4 bytes, big endian: 11 to 259 here |
/// | 4 | 1 | X.224 length indicator: bytes after this one; length - 5 |
/// | 5 | 1 | TPDU code: `0xE0` Connection Request, `0xD0` Connection Confirm |
/// | 6 | 5 | references and class |
/// | 11 | … | [ConnectionRequest] or [ConnectionConfirm] |
///
/// Source: MS-RDPBCGR, sections 2.2.1.1 and 2.2.1.2.
public final class ConnectionPacket {
    public static final int HEADER = 11;

    /// The length indicator is one byte, 255 reserved (X.224, section 13.2.1).
    public static final int MAX_LENGTH = 5 + 254;

    public static final int CONNECTION_REQUEST = 0xE0;
    public static final int CONNECTION_CONFIRM = 0xD0;

    private static final int VERSION = 3;

    private ConnectionPacket() {}

    /// Whether so far these bytes can be such a packet.
    ///
    /// @param seen from its first byte, not changed
    public static boolean begins(ByteBuffer seen, int code) {
        int at = seen.position();
        int have = seen.remaining();
        return (have < 1 || seen.get(at) == VERSION)
                && (have < 2 || seen.get(at + 1) == 0)
                && (have < 6 || (seen.get(at + 5) & 0xff) == code);
    }

    /// What follows the references and the class; null when bytes are missing.
    ///
    /// @param seen from the packet's first byte, not changed; more may follow the packet
    public static @Nullable ByteBuffer variablePart(ByteBuffer seen, int code)
            throws ProtocolException {
        if (!begins(seen, code)) {
            throw new ProtocolException("not an RDP packet of the kind that opens a connection");
        }
        if (seen.remaining() < 6) {
            return null;
        }
        int length = seen.getShort(seen.position() + 2) & 0xffff;
        int indicator = seen.get(seen.position() + 4) & 0xff;
        if (length < HEADER || length > MAX_LENGTH || indicator != length - 5) {
            throw new ProtocolException(
                    "RDP packet has lengths that disagree: " + length + " and " + indicator);
        }
        return seen.remaining() < length
                ? null
                : seen.slice(seen.position() + HEADER, length - HEADER);
    }

    /// @param variable at most [#MAX_LENGTH] - [#HEADER] bytes
    static byte[] of(int code, byte[] variable) {
        int length = HEADER + variable.length;
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException(length + " bytes");
        }
        return ByteBuffer.allocate(length)
                .put((byte) VERSION)
                .put((byte) 0)
                .putShort((short) length)
                .put((byte) (length - 5))
                .put((byte) code)
                .put(new byte[5])
                .put(variable)
                .array();
    }
}
