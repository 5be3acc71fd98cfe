package dev.culvert.protocols.rdp;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads DER (X.690, section 10): definite lengths, each as short as it can be. No length is believed before the bytes
/// are there. Confined to one thread.
final class DerReader {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int UTF8_STRING = 0x0C;
    static final int SEQUENCE = 0x30;

    /// An explicit context tag, [#SEQUENCE]-like; its number is added.
    static final int CONTEXT = 0xA0;

    /// Most bytes of a tag and a length of [#length].
    static final int MAX_HEADER = 4;

    private final ByteBuffer bytes;

    /// @param bytes read from its position to its limit
    DerReader(ByteBuffer bytes) {
        this.bytes = bytes.slice();
    }

    /// How long a value is with its tag and its length; -1 when that is not there yet.
    ///
    /// @param seen not changed
    static int length(ByteBuffer seen, int tag) throws ProtocolException {
        ByteBuffer in = seen.slice();
        if (!in.hasRemaining()) {
            return -1;
        }
        int first = in.get() & 0xff;
        if (first != tag) {
            throw ProtocolException.of("tag", hex(first), hex(tag));
        }
        if (!in.hasRemaining()) {
            return -1;
        }
        int length = in.get() & 0xff;
        if (length < 0x80) {
            return 2 + length;
        }
        int more = length - 0x80;
        if (more < 1 || more > 2) {
            throw ProtocolException.of("length", hex(length), "at most 65535, definite");
        }
        if (in.remaining() < more) {
            return -1;
        }
        length = more == 1 ? in.get() & 0xff : in.getShort() & 0xffff;
        if (length < (more == 1 ? 0x80 : 0x100)) {
            throw ProtocolException.of("length", length, "in as few bytes as it takes");
        }
        return 2 + more + length;
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    /// The tag of what comes next.
    int tag() throws ProtocolException {
        require(1);
        return bytes.get(bytes.position()) & 0xff;
    }

    /// The content of the next value.
    DerReader content(int tag) throws ProtocolException {
        return new DerReader(next(tag));
    }

    byte[] octets(int tag) throws ProtocolException {
        ByteBuffer content = next(tag);
        byte[] value = new byte[content.remaining()];
        content.get(value);
        return value;
    }

    String text() throws ProtocolException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(next(UTF8_STRING)).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolException("text: not UTF-8");
        }
    }

    /// Not negative, at most 2^31 - 1.
    int integer() throws ProtocolException {
        byte[] value = octets(INTEGER);
        boolean minimal =
                value.length > 0
                        && value.length <= 4
                        && value[0] >= 0
                        && (value.length == 1 || value[0] != 0 || value[1] < 0);
        if (!minimal) {
            throw new ProtocolException(
                    "integer: expected one from 0 to 2^31 - 1, without padding");
        }
        int number = 0;
        for (byte b : value) {
            number = number << 8 | b & 0xff;
        }
        return number;
    }

    void end() throws ProtocolException {
        if (bytes.hasRemaining()) {
            throw new ProtocolException("value: " + bytes.remaining() + " bytes too many");
        }
    }

    private ByteBuffer next(int tag) throws ProtocolException {
        int whole = length(bytes, tag);
        require(whole < 0 ? MAX_HEADER : whole);
        int content = contentLength(whole);
        ByteBuffer value = bytes.slice(bytes.position() + whole - content, content);
        bytes.position(bytes.position() + whole);
        return value;
    }

    private static int contentLength(int whole) {
        if (whole <= 2 + 0x7f) {
            return whole - 2;
        }
        return whole <= 3 + 0xff ? whole - 3 : whole - 4;
    }

    private void require(int count) throws ProtocolException {
        if (bytes.remaining() < count) {
            throw ProtocolException.of("value", bytes.remaining() + " bytes left", count + " more");
        }
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }
}
