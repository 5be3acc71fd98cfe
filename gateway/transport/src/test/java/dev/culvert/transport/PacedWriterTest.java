package dev.culvert.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PacedWriterTest {
    @Test
    void creditsEveryByteOnceWhenTheChannelCloses() {
        EmbeddedChannel channel = new EmbeddedChannel();
        AtomicInteger credited = new AtomicInteger();
        PacedWriter writer = new PacedWriter(channel, bytes -> bytes, credited::addAndGet);
        int writes = PacedWriter.MAX_PIECES + 10;
        for (int i = 0; i < writes; i++) {
            writer.write(Unpooled.buffer(100).writeZero(100));
        }
        channel.unsafe().closeForcibly();
        channel.runPendingTasks();
        assertThat(credited).hasValue(writes * 100);
        channel.releaseOutbound();
    }
}
