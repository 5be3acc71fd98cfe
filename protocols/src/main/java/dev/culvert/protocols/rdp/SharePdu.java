package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// A PDU on the I/O channel: which one it is. Immutable. All numbers are little endian:
///
/// | bytes | value |
/// |---|---|
/// | 2 | length with these 6 bytes |
/// | 2 | [PDUTYPE_][#type] and a version |
/// | 2 | source |
/// | 8 | of data PDUs: share, padding, stream, length |
/// | 1 | of data PDUs: [PDUTYPE2_][#dataType] |
///
/// Source: MS-RDPBCGR, sections 2.2.8.1.1.1.1 and 2.2.8.1.1.1.2.
///
/// @param type lowest four bits of the field
/// @param dataType 0 unless it is a data PDU
public record SharePdu(int type, int dataType) {
    public static final int PDUTYPE_CONFIRMACTIVEPDU = 0x3;
    public static final int PDUTYPE_DATAPDU = 0x7;

    public static final int PDUTYPE2_CONTROL = 0x14;
    public static final int PDUTYPE2_INPUT = 0x1C;
    public static final int PDUTYPE2_SYNCHRONIZE = 0x1F;
    public static final int PDUTYPE2_REFRESH_RECT = 0x21;
    public static final int PDUTYPE2_SUPPRESS_OUTPUT = 0x23;
    public static final int PDUTYPE2_FONTLIST = 0x27;
    public static final int PDUTYPE2_BITMAPCACHE_PERSISTENT_LIST = 0x2B;
    public static final int PDUTYPE2_FRAME_ACKNOWLEDGE = 0x38;

    private static final int HEADER = 6;
    private static final int TO_DATA_TYPE = 8;
    private static final int SECURITY_HEADER = 4;
    private static final int LICENSING_HEADER = SECURITY_HEADER + 4;
    private static final int SEC_LICENSE_PKT = 0x0080;
    private static final int SEC_LICENSE_ENCRYPT_CS = 0x0200;

    /// Whether data on the I/O channel is one message of licensing and nothing behind it: it has a security header, whose
    /// upper flags are 0, and a length that fits.
    ///
    /// Hosts that are done with licensing may read the same bytes as a PDU that they skip, and others behind it: whoever
    /// passes some on counts them.
    ///
    /// Source: MS-RDPBCGR, sections 2.2.1.12 and 2.2.8.1.1.2.1.
    public static boolean isLicensing(ByteBuffer data) {
        ByteBuffer message = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (message.remaining() < LICENSING_HEADER) {
            return false;
        }
        int flags = message.getInt(0);
        return (flags & ~SEC_LICENSE_ENCRYPT_CS) == SEC_LICENSE_PKT
                && (message.getShort(SECURITY_HEADER + 2) & 0xffff)
                        == message.remaining() - SECURITY_HEADER;
    }

    /// All that stand in one packet, behind each other.
    ///
    /// @param data what an MCS Send Data Request carries on the I/O channel, without a security header
    public static List<SharePdu> all(ByteBuffer data) throws ProtocolException {
        PerReader in = new PerReader("share control", data.slice());
        List<SharePdu> all = new ArrayList<>();
        while (in.remaining() > 0) {
            int length = in.u16LittleEndian();
            if (length < HEADER) {
                throw ProtocolException.of(
                        "share control", length + " bytes", "at least " + HEADER);
            }
            int type = in.u16LittleEndian() & 0xf;
            in.u16();
            PerReader body = new PerReader("share data", in.take(length - HEADER));
            int dataType = 0;
            if (type == PDUTYPE_DATAPDU) {
                body.skip(TO_DATA_TYPE);
                dataType = body.u8();
            }
            all.add(new SharePdu(type, dataType));
        }
        return all;
    }
}
