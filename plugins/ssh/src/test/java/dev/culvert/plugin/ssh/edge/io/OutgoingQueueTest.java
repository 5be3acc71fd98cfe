package dev.culvert.plugin.ssh.edge.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.Test;

/// A peer that has us answer and reads nothing: how much the answers take.
final class OutgoingQueueTest {
    private final OutgoingQueue queue = new OutgoingQueue();

    /// Small packets as SSHD makes them, in buffers that are larger than they.
    private int packetsUntilTheEnd() {
        int count = 0;
        try {
            while (count < 1_000_000) {
                queue.add(new OutgoingPacket("session", new ByteArrayBuffer(new byte[256], 0, 36)));
                count++;
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reads nothing");
        }
        return count;
    }

    @Test
    void smallPacketsCountWithWhatTheyTake() {
        assertThat(packetsUntilTheEnd() * 256L).isLessThan(OutgoingQueue.LIMIT_OF_UNKNOWN);
    }

    @Test
    void whoHasSignedInMayOweMore() {
        queue.known();

        assertThat(packetsUntilTheEnd() * 256L)
                .isBetween((long) OutgoingQueue.LIMIT_OF_UNKNOWN, (long) OutgoingQueue.LIMIT);
    }
}
