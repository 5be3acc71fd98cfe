package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;

/// Where a packet of RDP ends, inside of TLS. Three kinds follow each other, told apart by their first byte:
///
/// | kind | first byte | length |
/// |---|---|---|
/// | [CREDSSP][Kind#CREDSSP]: a TSRequest (MS-CSSP, section 2.2.1), before anything else | `0x30` | DER |
/// | [TPKT][Kind#TPKT] (RFC 1006, section 6) | `0x03` | bytes 2 and 3, big endian |
/// | [FAST_PATH][Kind#FAST_PATH] (MS-RDPBCGR, section 2.2.8.1.2) | lowest two bits 0 | byte 1; with its highest bit set, 15 bits of bytes 1 and 2, big endian |
///
/// Lengths are those of the whole packet. Stateless.
public final class RdpPacket {
    /// A TPKT packet's own bytes and those of X.224 data: `02 f0 80`.
    public static final int DATA_HEADER = 7;

    public static final int MAX_LENGTH = 0xffff;

    /// Some tokens of Kerberos are long.
    private static final int MAX_CREDSSP = MAX_LENGTH;

    private static final int CREDSSP_FIRST = 0x30;
    private static final int TPKT_VERSION = 3;
    private static final int FASTPATH_ACTION = 0x03;
    private static final int FASTPATH_FLAGS = 0xC0;

    public enum Kind {
        CREDSSP,
        TPKT,
        FAST_PATH
    }

    private RdpPacket() {}

    /// @param first byte of a packet
    /// @param signingIn whether CredSSP is under way; nothing else tells it from the fast path
    public static Kind kind(byte first, boolean signingIn) throws ProtocolException {
        if (signingIn && first == CREDSSP_FIRST) {
            return Kind.CREDSSP;
        }
        if (first == TPKT_VERSION) {
            return Kind.TPKT;
        }
        if (signingIn || (first & FASTPATH_ACTION) != 0) {
            throw ProtocolException.of(
                    "RDP packet", "0x" + Integer.toHexString(first & 0xff), "one of RDP's kinds");
        }
        if ((first & FASTPATH_FLAGS) != 0) {
            throw new ProtocolException("RDP packet: encrypted once more inside of TLS");
        }
        return Kind.FAST_PATH;
    }

    /// How long the packet is; -1 when that is not there yet.
    ///
    /// @param seen from the packet's first byte, not changed
    public static int length(ByteBuffer seen, boolean signingIn) throws ProtocolException {
        if (!seen.hasRemaining()) {
            return -1;
        }
        return switch (kind(seen.get(seen.position()), signingIn)) {
            case CREDSSP -> credssp(seen);
            case TPKT -> tpkt(seen);
            case FAST_PATH -> fastPath(seen);
        };
    }

    private static int credssp(ByteBuffer seen) throws ProtocolException {
        int length = DerReader.length(seen, CREDSSP_FIRST);
        if (length > MAX_CREDSSP) {
            throw ProtocolException.of("CredSSP", length + " bytes", "at most " + MAX_CREDSSP);
        }
        return length;
    }

    private static int tpkt(ByteBuffer seen) throws ProtocolException {
        if (seen.remaining() < 4) {
            return -1;
        }
        int length = seen.getShort(seen.position() + 2) & 0xffff;
        if (length < DATA_HEADER) {
            throw ProtocolException.of("TPKT", length + " bytes", "at least " + DATA_HEADER);
        }
        return length;
    }

    private static int fastPath(ByteBuffer seen) throws ProtocolException {
        if (seen.remaining() < 3) {
            return -1;
        }
        int first = seen.get(seen.position() + 1) & 0xff;
        int length =
                (first & 0x80) == 0
                        ? first
                        : (first & 0x7f) << 8 | seen.get(seen.position() + 2) & 0xff;
        if (length < 3) {
            throw ProtocolException.of("fast-path packet", length + " bytes", "at least 3");
        }
        return length;
    }

    /// What a whole TPKT packet carries as X.224 data (X.224, section 13.7).
    ///
    /// @param packet not changed
    public static ByteBuffer data(ByteBuffer packet) throws ProtocolException {
        int at = packet.position();
        boolean whole =
                packet.remaining() >= DATA_HEADER
                        && packet.get(at) == TPKT_VERSION
                        && (packet.getShort(at + 2) & 0xffff) == packet.remaining();
        if (!whole
                || packet.get(at + 4) != 2
                || packet.get(at + 5) != (byte) 0xf0
                || packet.get(at + 6) != (byte) 0x80) {
            throw new ProtocolException("TPKT: not X.224 data in one piece");
        }
        return packet.slice(at + DATA_HEADER, packet.remaining() - DATA_HEADER);
    }
}
