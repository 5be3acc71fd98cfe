package dev.culvert.protocols.ssh;

import dev.culvert.protocols.ProtocolException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the data types of RFC 4251, section 5. No length is believed before the bytes are there.
///
/// Confined to one thread.
public final class SshDecoder {
    private final String what;
    private final ByteBuffer bytes;

    /// @param what names the bytes in messages
    public SshDecoder(String what, byte[] bytes) {
        this.what = what;
        this.bytes = ByteBuffer.wrap(bytes);
    }

    public int uint32(String field) throws ProtocolException {
        require(field, Integer.BYTES);
        return bytes.getInt();
    }

    public long uint64(String field) throws ProtocolException {
        require(field, Long.BYTES);
        return bytes.getLong();
    }

    public byte[] string(String field) throws ProtocolException {
        int length = uint32(field);
        if (length < 0) {
            throw broken(field, Integer.toUnsignedString(length) + " bytes", "what is there");
        }
        require(field, length);
        byte[] value = new byte[length];
        bytes.get(value);
        return value;
    }

    /// A string that is UTF-8.
    public String text(String field) throws ProtocolException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(string(field)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw broken(field, "not UTF-8", "a text");
        }
    }

    /// Positive, without needless zeros in front.
    public BigInteger positive(String field) throws ProtocolException {
        byte[] value = string(field);
        boolean minimal =
                value.length > 0
                        && value[0] >= 0
                        && (value[0] != 0 || value.length > 1 && value[1] < 0);
        if (!minimal) {
            throw broken(field, "not a positive mpint", "one in its shortest form");
        }
        return new BigInteger(value);
    }

    public boolean isAtEnd() {
        return !bytes.hasRemaining();
    }

    public void requireEnd() throws ProtocolException {
        if (!isAtEnd()) {
            throw ProtocolException.of(what, bytes.remaining() + " bytes more", "its end");
        }
    }

    /// Where the next byte is.
    int position() {
        return bytes.position();
    }

    private void require(String field, int count) throws ProtocolException {
        if (bytes.remaining() < count) {
            throw broken(field, bytes.remaining() + " bytes left", count + " bytes");
        }
    }

    ProtocolException broken(String field, String value, String expected) {
        return ProtocolException.of(what + " field " + field, value, expected);
    }
}
