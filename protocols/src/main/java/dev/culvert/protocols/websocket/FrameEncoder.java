package dev.culvert.protocols.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/// Writes frames into buffers the caller owns; every frame is a whole message (FIN set).
///
/// ```
///  byte 0      FIN=1 RSV=0 opcode      byte 1      MASK, length 0-125 | 126 | 127
///  then        length in 2 or 8 bytes  then        4 bytes of key if MASK
/// ```
///
/// Stateless but for the source of keys; as thread-safe as that source.
public final class FrameEncoder {
    /// Most payload bytes of one binary message: cloudflared's connector silently cuts what is
    /// longer.
    public static final int MAX_MESSAGE = 16 * 1024;

    /// Longest header of any frame.
    public static final int MAX_HEADER = 14;

    /// Longest control frame.
    public static final int MAX_CONTROL_FRAME = 2 + 4 + 125;

    /// Most UTF-8 bytes of a close reason.
    public static final int MAX_REASON = 123;

    private final IntSupplier keys;
    private final int maskBit;

    private FrameEncoder(IntSupplier keys, int maskBit) {
        this.keys = keys;
        this.maskBit = maskBit;
    }

    /// An encoder of the client role.
    ///
    /// @param keys a masking key for each frame, unpredictable for whoever chooses the payload
    public static FrameEncoder client(IntSupplier keys) {
        return new FrameEncoder(keys, 0x80);
    }

    /// An encoder of the server role; does not mask.
    public static FrameEncoder server() {
        return new FrameEncoder(() -> 0, 0);
    }

    /// Bytes of the header of a frame with this payload.
    public int headerLength(long payloadLength) {
        int key = maskBit == 0 ? 0 : 4;
        return key + (payloadLength <= 125 ? 2 : payloadLength <= 0xFFFF ? 4 : 10);
    }

    /// Bytes that [#binary] writes for a payload of this length when it has room for all of it.
    public long encodedLength(long payloadLength) {
        long full = payloadLength / MAX_MESSAGE;
        int rest = (int) (payloadLength % MAX_MESSAGE);
        return payloadLength
                + full * headerLength(MAX_MESSAGE)
                + (rest == 0 ? 0 : headerLength(rest));
    }

    /// Writes a frame header for payload that the caller sends itself. The server role sends it as
    /// it is; the client role passes it through [#mask] with the returned key first.
    ///
    /// @return the masking key; 0 in the server role
    public int header(int opcode, long payloadLength, ByteBuffer target) {
        target.put((byte) (0x80 | opcode));
        if (payloadLength <= 125) {
            target.put((byte) (maskBit | payloadLength));
        } else if (payloadLength <= 0xFFFF) {
            target.put((byte) (maskBit | 126));
            putBytes(target, payloadLength, 2);
        } else {
            target.put((byte) (maskBit | 127));
            putBytes(target, payloadLength, 8);
        }
        if (maskBit == 0) {
            return 0;
        }
        int key = keys.getAsInt();
        putBytes(target, key, 4);
        return key;
    }

    /// Masks the remaining bytes of `payload` in place.
    ///
    /// @param phase payload bytes of the same frame that came before
    public void mask(ByteBuffer payload, int key, long phase) {
        Mask.apply(payload, payload.position(), payload.limit(), key, phase);
    }

    /// Moves payload into binary messages of at most [#MAX_MESSAGE] bytes until `payload` is
    /// empty or `target` is full. Never writes an empty message: that is [#endOfData].
    ///
    /// @return true when all of the payload has been written
    public boolean binary(ByteBuffer payload, ByteBuffer target) {
        while (payload.hasRemaining()) {
            int length = Math.min(payload.remaining(), MAX_MESSAGE);
            length = Math.min(length, target.remaining() - headerLength(length));
            if (length <= 0) {
                return false;
            }
            frame(Opcode.BINARY, payload, length, target);
        }
        return true;
    }

    /// Writes an empty binary message: the end of this direction in `culvert.stream.v1`.
    public void endOfData(ByteBuffer target) {
        header(Opcode.BINARY, 0, target);
    }

    /// Writes a ping with the remaining bytes of `payload`, at most 125.
    public void ping(ByteBuffer payload, ByteBuffer target) {
        control(Opcode.PING, payload, target);
    }

    /// Writes a pong with the remaining bytes of `payload`, at most 125.
    public void pong(ByteBuffer payload, ByteBuffer target) {
        control(Opcode.PONG, payload, target);
    }

    /// Writes a close frame.
    ///
    /// @param code a code that may be sent, or [CloseCode#NO_STATUS] for a frame without a code
    /// @param reason cut at a character so that it fits in [#MAX_REASON] bytes
    public void close(int code, String reason, ByteBuffer target) {
        if (code == CloseCode.NO_STATUS) {
            header(Opcode.CLOSE, 0, target);
            return;
        }
        if (!CloseCode.mayBeSent(code)) {
            throw new IllegalArgumentException(
                    "close code: " + code + " (expected: 1000-1014, 3000-4999)");
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_REASON);
        while (length < text.length && length > 0 && (text[length] & 0xC0) == 0x80) {
            length--;
        }
        ByteBuffer payload = ByteBuffer.allocate(2 + length);
        payload.putShort((short) code).put(text, 0, length).flip();
        control(Opcode.CLOSE, payload, target);
    }

    private void control(int opcode, ByteBuffer payload, ByteBuffer target) {
        int length = payload.remaining();
        if (length > 125) {
            throw new IllegalArgumentException(
                    "control payload: " + length + " (expected: at most 125)");
        }
        frame(opcode, payload, length, target);
    }

    private void frame(int opcode, ByteBuffer payload, int length, ByteBuffer target) {
        int key = header(opcode, length, target);
        int start = target.position();
        target.put(start, payload, payload.position(), length);
        payload.position(payload.position() + length);
        target.position(start + length);
        Mask.apply(target, start, start + length, key, 0);
    }

    /// Network order whatever the order of the buffer.
    private static void putBytes(ByteBuffer target, long value, int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            target.put((byte) (value >>> shift));
        }
    }
}
