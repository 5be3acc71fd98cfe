package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
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
    private static final int SEC_LICENSE_PKT = 0x0080;

    /// Whether data on the I/O channel is one of licensing: it has a security header, whose upper flags are 0, so that
    /// it cannot be a [SharePdu] of any type.
    public static boolean isLicensing(ByteBuffer data) {
        return data.remaining() >= 4
                && data.get(data.position()) == (byte) SEC_LICENSE_PKT
                && data.get(data.position() + 2) == 0
                && data.get(data.position() + 3) == 0;
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
