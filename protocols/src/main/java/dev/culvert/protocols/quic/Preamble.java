package dev.culvert.protocols.quic;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The first bytes of a QUIC stream, which say what it is. The control stream alone has none.
///
/// | bytes | stream | after it |
/// | --- | --- | --- |
/// | `0A 36 CD 12 A1 3E` `30 31` | data | [ConnectRequest] or [ConnectResponse], then the body |
/// | `52 BB 82 5C DB 65` | RPC | Cap'n Proto RPC |
///
/// The version, `01`, is not checked by cloudflared and not here either.
///
/// Source: cloudflared, `quic/quic_protocol.go`.
public enum Preamble {
    DATA(new byte[] {0x0a, 0x36, (byte) 0xcd, 0x12, (byte) 0xa1, 0x3e}, 8),
    RPC(new byte[] {0x52, (byte) 0xbb, (byte) 0x82, 0x5c, (byte) 0xdb, 0x65}, 6);

    /// Bytes that tell one from the other.
    public static final int SIGNATURE_BYTES = 6;

    private final byte[] signature;
    private final int length;

    Preamble(byte[] signature, int length) {
        this.signature = signature;
        this.length = length;
    }

    /// Bytes in all, signature and version.
    public int length() {
        return length;
    }

    public byte[] bytes() {
        byte[] all = new byte[length];
        System.arraycopy(signature, 0, all, 0, SIGNATURE_BYTES);
        if (this == DATA) {
            all[SIGNATURE_BYTES] = '0';
            all[SIGNATURE_BYTES + 1] = '1';
        }
        return all;
    }

    /// The kind of stream that begins with the bytes at `in`'s position, which is not moved.
    ///
    /// @param in at least [#SIGNATURE_BYTES]
    /// @return null for a signature of neither
    public static @Nullable Preamble of(ByteBuffer in) {
        for (Preamble preamble : values()) {
            boolean equal = true;
            for (int i = 0; i < SIGNATURE_BYTES; i++) {
                equal &= in.get(in.position() + i) == preamble.signature[i];
            }
            if (equal) {
                return preamble;
            }
        }
        return null;
    }
}
