package dev.culvert.protocols.ssh;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Writes the data types of RFC 4251, section 5. Confined to one thread.
public final class SshEncoder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    public SshEncoder uint32(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write(value >>> shift);
        }
        return this;
    }

    public SshEncoder uint64(long value) {
        return uint32((int) (value >>> 32)).uint32((int) value);
    }

    public SshEncoder string(byte[] value) {
        return uint32(value.length).raw(value);
    }

    public SshEncoder string(String value) {
        return string(value.getBytes(StandardCharsets.UTF_8));
    }

    public SshEncoder mpint(BigInteger value) {
        return string(value.signum() == 0 ? new byte[0] : value.toByteArray());
    }

    /// Without a length.
    public SshEncoder raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    public int size() {
        return bytes.size();
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
