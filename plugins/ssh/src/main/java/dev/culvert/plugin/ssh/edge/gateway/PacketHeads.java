package dev.culvert.plugin.ssh.edge.gateway;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Cuts a stream into packets, each after four bytes of its length, and gives the first [#MAX] bytes of each: the
/// rest is skipped. Not thread-safe.
final class PacketHeads {
    static final int MAX = 4096;

    private final Consumer<ByteBuffer> taken;
    private final byte[] head = new byte[MAX];
    private final byte[] length = new byte[Integer.BYTES];
    private int lengthHas;
    private int headHas;

    /// Of the packet that has begun, still to come.
    private long left;

    /// @param taken gets each head; valid during the call only
    PacketHeads(Consumer<ByteBuffer> taken) {
        this.taken = taken;
    }

    void take(byte[] bytes, int offset, int count) {
        int at = offset;
        int end = offset + count;
        while (at < end) {
            if (lengthHas < Integer.BYTES) {
                length[lengthHas++] = bytes[at++];
                if (lengthHas == Integer.BYTES) {
                    begin(Integer.toUnsignedLong(ByteBuffer.wrap(length).getInt()));
                }
            } else {
                int now = (int) Math.min(left, end - at);
                int kept = Math.min(now, MAX - headHas);
                System.arraycopy(bytes, at, head, headHas, kept);
                headHas += kept;
                at += now;
                left -= now;
                endIfWhole();
            }
        }
    }

    private void begin(long size) {
        left = size;
        headHas = 0;
        endIfWhole();
    }

    private void endIfWhole() {
        if (left == 0) {
            lengthHas = 0;
            if (headHas > 0) {
                taken.accept(ByteBuffer.wrap(head, 0, headHas));
            }
        }
    }
}
