package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads what T.125 (BER) and T.124 (aligned PER) put around what RDP has to say. No length is believed before the
/// bytes are there. Confined to one thread.
final class PerReader {
    private final String what;
    private final ByteBuffer bytes;

    /// @param what names the bytes in messages
    /// @param bytes whose position is moved
    PerReader(String what, ByteBuffer bytes) {
        this.what = what;
        this.bytes = bytes;
    }

    int position() {
        return bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    int u8() throws ProtocolException {
        require(1);
        return bytes.get() & 0xff;
    }

    int u16() throws ProtocolException {
        require(2);
        return bytes.getShort() & 0xffff;
    }

    int u16LittleEndian() throws ProtocolException {
        return Short.reverseBytes((short) u16()) & 0xffff;
    }

    int u32LittleEndian() throws ProtocolException {
        require(4);
        int value = bytes.order(ByteOrder.LITTLE_ENDIAN).getInt();
        bytes.order(ByteOrder.BIG_ENDIAN);
        return value;
    }

    /// The next bytes as a buffer of their own.
    ByteBuffer take(int count) throws ProtocolException {
        require(count);
        ByteBuffer taken = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        return taken;
    }

    void expect(String field, int... expected) throws ProtocolException {
        for (int value : expected) {
            int got = u8();
            if (got != value) {
                throw ProtocolException.of(
                        what + " " + field,
                        "0x" + Integer.toHexString(got),
                        "0x" + Integer.toHexString(value));
            }
        }
    }

    /// A length of PER: 7 bits, or 14 with the highest bit set (X.691, section 10.9).
    int perLength() throws ProtocolException {
        int first = u8();
        if ((first & 0x80) == 0) {
            return first;
        }
        if ((first & 0x40) != 0) {
            throw new ProtocolException(what + ": a length in fragments");
        }
        return (first & 0x3f) << 8 | u8();
    }

    /// A length that has to take two bytes, whatever it is.
    int perLengthOfTwo() throws ProtocolException {
        int first = u8();
        if ((first & 0xc0) != 0x80) {
            throw ProtocolException.of(
                    what + " length", "0x" + Integer.toHexString(first), "one of two bytes");
        }
        return (first & 0x3f) << 8 | u8();
    }

    /// The length of a BER value (X.690, section 8.1.3) behind its tag.
    int berLength(int... tag) throws ProtocolException {
        expect("tag", tag);
        int first = u8();
        int length =
                switch (first) {
                    case 0x81 -> u8();
                    case 0x82 -> u16();
                    default -> first;
                };
        if (length > 0x7f && first < 0x80 || first > 0x82) {
            throw ProtocolException.of(
                    what + " length", "0x" + Integer.toHexString(first), "a definite one");
        }
        require(length);
        return length;
    }

    void skip(int count) throws ProtocolException {
        require(count);
        bytes.position(bytes.position() + count);
    }

    void end() throws ProtocolException {
        if (bytes.hasRemaining()) {
            throw new ProtocolException(what + ": " + bytes.remaining() + " bytes too many");
        }
    }

    private void require(int count) throws ProtocolException {
        if (bytes.remaining() < count) {
            throw ProtocolException.of(what, bytes.remaining() + " bytes left", count + " more");
        }
    }
}
