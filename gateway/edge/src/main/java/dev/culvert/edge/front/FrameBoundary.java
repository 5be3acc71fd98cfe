package dev.culvert.edge.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/// Where WebSocket frames end in bytes that only pass by (RFC 6455, section 5.2), so that a Close frame of
/// the edge's own can be put between two of the origin's. Confined to one thread.
final class FrameBoundary {
    /// Policy violation, RFC 6455, section 7.4.1.
    static final int POLICY = 1008;

    private static final int MAX_REASON = 123;

    private final byte[] head = new byte[14];
    private int headLength;
    private long payloadLeft;

    /// Whether the next byte begins a frame.
    boolean isBetweenFrames() {
        return headLength == 0 && payloadLeft == 0;
    }

    /// All readable bytes have passed.
    void passed(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            at = next(bytes, at);
        }
    }

    /// Passes bytes until the frame that is under way ends.
    ///
    /// @return how many that are; all, when it does not end in them
    int passedToEnd(ByteBuf bytes) {
        return isBetweenFrames() ? 0 : next(bytes, bytes.readerIndex()) - bytes.readerIndex();
    }

    /// @return index after the end of this frame, or of the bytes
    private int next(ByteBuf bytes, int from) {
        int at = from;
        while (at < bytes.writerIndex()) {
            if (payloadLeft > 0) {
                long step = Math.min(payloadLeft, bytes.writerIndex() - at);
                payloadLeft -= step;
                at += (int) step;
                if (payloadLeft == 0) {
                    return at;
                }
                continue;
            }
            head[headLength++] = bytes.getByte(at++);
            if (headLength >= 2 && headLength == headSize()) {
                payloadLeft = payloadLength();
                headLength = 0;
                if (payloadLeft == 0) {
                    return at;
                }
            }
        }
        return at;
    }

    private int headSize() {
        int length = head[1] & 0x7f;
        int mask = (head[1] & 0x80) != 0 ? 4 : 0;
        return 2 + mask + (length == 126 ? 2 : length == 127 ? 8 : 0);
    }

    private long payloadLength() {
        int length = head[1] & 0x7f;
        int bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (bytes == 0) {
            return length;
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | head[2 + i] & 0xff;
        }
        // The top bit must be 0; an origin that sets it gets no more frames through.
        return value < 0 ? Long.MAX_VALUE : value;
    }

    /// A whole Close frame, not masked.
    ///
    /// @param reason shortened to what fits
    static ByteBuf close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_REASON);
        while (length < text.length && length > 0 && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        ByteBuf frame = Unpooled.buffer(4 + length);
        frame.writeByte(0x88);
        frame.writeByte(2 + length);
        frame.writeShort(code);
        frame.writeBytes(text, 0, length);
        return frame;
    }
}
