package dev.culvert.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Buffers in order. Small ones are joined, so that a peer that sends one byte at a time makes us hold
/// bytes and not objects: the queue never has more than one entry for each [#JOINED] / 2 bytes, plus
/// two.
///
/// Not thread-safe.
@SuppressWarnings("ReferenceEquality") // this very buffer is meant, not one of equal content
public final class ByteQueue {
    static final int JOINED = 16 * 1024;

    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>(2);
    private int readable;

    /// The last buffer, when it is ours, made for joining; anyone else's may be shared.
    private @Nullable ByteBuf joining;

    /// Takes ownership. Empty buffers are released and forgotten.
    public void add(ByteBuf bytes) {
        int size = bytes.readableBytes();
        readable += size;
        ByteBuf last = buffers.peekLast();
        if (size == 0) {
            bytes.release();
        } else if (last == null || last.readableBytes() + size > JOINED) {
            buffers.add(bytes);
        } else {
            if (last != joining || last.writerIndex() + size > JOINED) {
                buffers.removeLast();
                ByteBuf joined = ByteBufAllocator.DEFAULT.directBuffer(512, JOINED);
                joined.writeBytes(last);
                last.release();
                last = joined;
                joining = joined;
                buffers.add(last);
            }
            last.writeBytes(bytes);
            bytes.release();
        }
    }

    /// The first buffer, handed over; null when empty.
    public @Nullable ByteBuf poll() {
        ByteBuf first = buffers.poll();
        if (first != null) {
            readable -= first.readableBytes();
            if (first == joining) {
                joining = null;
            }
        }
        return first;
    }

    /// Moves up to `length` bytes from the front into an array.
    public int read(byte[] into, int offset, int length) {
        ByteBuf first = buffers.peek();
        if (first == null) {
            return 0;
        }
        int size = Math.min(length, first.readableBytes());
        first.readBytes(into, offset, size);
        readable -= size;
        if (!first.isReadable()) {
            if (first == joining) {
                joining = null;
            }
            buffers.remove().release();
        }
        return size;
    }

    public boolean isEmpty() {
        return buffers.isEmpty();
    }

    public int readableBytes() {
        return readable;
    }

    /// Releases everything.
    public void clear() {
        buffers.forEach(ByteBuf::release);
        buffers.clear();
        joining = null;
        readable = 0;
    }
}
