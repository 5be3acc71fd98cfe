package dev.culvert.protocols.rdp;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Writes DER (X.690, section 10). Confined to one thread.
final class DerWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    /// A member of a sequence with an explicit tag.
    DerWriter member(int number, DerWriter value) {
        return value(DerReader.CONTEXT + number, value.toBytes());
    }

    DerWriter integer(int value) {
        return value(DerReader.INTEGER, BigInteger.valueOf(value).toByteArray());
    }

    DerWriter text(String value) {
        return value(DerReader.UTF8_STRING, value.getBytes(StandardCharsets.UTF_8));
    }

    DerWriter octets(byte[] value) {
        return value(DerReader.OCTET_STRING, value);
    }

    DerWriter sequence(DerWriter members) {
        return value(DerReader.SEQUENCE, members.toBytes());
    }

    /// @throws IllegalArgumentException above 65535 bytes
    private DerWriter value(int tag, byte[] content) {
        int length = content.length;
        if (length > 0xffff) {
            throw new IllegalArgumentException(length + " bytes");
        }
        bytes.write(tag);
        if (length > 0xff) {
            bytes.write(0x82);
            bytes.write(length >>> 8);
        } else if (length > 0x7f) {
            bytes.write(0x81);
        }
        bytes.write(length);
        bytes.writeBytes(content);
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
