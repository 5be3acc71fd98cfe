package dev.culvert.protocols.capnp;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a byte stream into messages. Bytes may arrive split anywhere.
///
/// | bytes | content |
/// | --- | --- |
/// | 4 | number of segments - 1, little endian |
/// | 4 each | size of each segment in words of 8 bytes |
/// | 0 or 4 | padding to a multiple of 8 |
/// | sum of sizes | the segments |
///
/// Memory grows with the bytes received, not with the sizes announced. After an exception the stream
/// has no known boundary any more and the framer must not be used again.
///
/// Not thread-safe: owned by one conversation.
public final class MessageFramer {
    private static final int START = 1024;
    private static final int KEPT = 16 * 1024;

    private final MessageLimits limits;
    private byte[] buffer = new byte[START];
    private int filled;
    private int needed = 4;
    private int tableBytes;
    private int[] segmentWords = {};

    public MessageFramer(MessageLimits limits) {
        this.limits = limits;
    }

    /// Takes bytes from `in` up to the end of one message and no further.
    ///
    /// @return the root of the message, or null when `in` is used up and the message is not complete
    public @Nullable Struct next(ByteBuffer in) throws ProtocolException {
        while (true) {
            take(in);
            if (filled < needed) {
                return null;
            }
            if (tableBytes == 0) {
                readSegmentCount();
            } else if (segmentWords.length == 0) {
                readSegmentSizes();
            } else {
                return complete();
            }
        }
    }

    /// Whether the stream may end here: no message has begun.
    public boolean atBoundary() {
        return filled == 0;
    }

    private void take(ByteBuffer in) {
        int count = Math.min(needed - filled, in.remaining());
        if (filled + count > buffer.length) {
            int size = Math.max(filled + count, Math.min(needed, buffer.length * 2));
            buffer = Arrays.copyOf(buffer, size);
        }
        in.get(buffer, filled, count);
        filled += count;
    }

    private void readSegmentCount() throws ProtocolException {
        int count = words().getInt(0);
        if (count < 0 || count >= limits.segments()) {
            throw ProtocolException.of(
                    "segments", Integer.toUnsignedLong(count) + 1, "at most " + limits.segments());
        }
        // One word for the count and the first size, one more for each further two sizes.
        tableBytes = 8 * (1 + (count + 1) / 2);
        needed = tableBytes;
    }

    private void readSegmentSizes() throws ProtocolException {
        ByteBuffer words = words();
        int[] sizes = new int[words.getInt(0) + 1];
        long total = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = words.getInt(4 + 4 * i);
            total += Integer.toUnsignedLong(sizes[i]) * 8;
        }
        if (total > limits.bytes()) {
            throw ProtocolException.of(
                    "message size", total, "at most " + limits.bytes() + " bytes");
        }
        if (sizes[0] == 0) {
            throw ProtocolException.of("first segment", "0 words", "at least the root pointer");
        }
        segmentWords = sizes;
        needed = tableBytes + (int) total;
    }

    private Struct complete() throws ProtocolException {
        ByteBuffer[] segments = new ByteBuffer[segmentWords.length];
        int at = tableBytes;
        for (int i = 0; i < segments.length; i++) {
            segments[i] = words().slice(at, segmentWords[i] * 8).order(ByteOrder.LITTLE_ENDIAN);
            at += segmentWords[i] * 8;
        }
        Struct root = new MessageReader(segments, limits.depth()).root();
        filled = 0;
        needed = 4;
        tableBytes = 0;
        segmentWords = new int[0];
        if (buffer.length > KEPT) {
            buffer = new byte[START];
        }
        return root;
    }

    private ByteBuffer words() {
        return ByteBuffer.wrap(buffer, 0, filled).order(ByteOrder.LITTLE_ENDIAN);
    }
}
