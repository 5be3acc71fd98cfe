package dev.culvert.edge.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameBoundaryTest {
    private static byte[] frame(int length, boolean masked) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeByte(0x82);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            frame.writeByte(mask | length);
        } else if (length < 65_536) {
            frame.writeByte(mask | 126).writeShort(length);
        } else {
            frame.writeByte(mask | 127).writeLong(length);
        }
        frame.writeZero((masked ? 4 : 0) + length);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    /// Cut anywhere: it knows after each piece whether a frame is under way.
    @Test
    void findsTheEndOfFramesHoweverTheyAreCut() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ByteBuf all = Unpooled.buffer();
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int[] lengths = {0, 1, 125, 126, 300, 65_535, 65_536};
                all.writeBytes(
                        frame(lengths[random.nextInt(lengths.length)], random.nextBoolean()));
                ends.add(all.writerIndex());
            }
            FrameBoundary boundary = new FrameBoundary();
            int at = 0;
            while (at < all.writerIndex()) {
                int size = Math.min(1 + random.nextInt(9000), all.writerIndex() - at);
                boundary.passed(all.slice(at, size));
                at += size;
                assertThat(boundary.isBetweenFrames())
                        .as("seed %d at %d of %s", seed, at, ends)
                        .isEqualTo(ends.contains(at));
            }
        }
    }

    @Test
    void passesTheRestOfAFrameAndNoMore() {
        byte[] first = frame(10, false);
        ByteBuf all = Unpooled.wrappedBuffer(first, frame(3, false));
        FrameBoundary boundary = new FrameBoundary();
        boundary.passed(all.slice(0, 1));
        assertThat(boundary.passedToEnd(all.slice(1, all.readableBytes() - 1)))
                .isEqualTo(first.length - 1);
        assertThat(boundary.isBetweenFrames()).isTrue();
        assertThat(boundary.passedToEnd(all)).isZero();
    }

    @Test
    void aReasonIsCutBetweenCharacters() {
        ByteBuf frame = FrameBoundary.close(1008, "ü".repeat(100));
        assertThat(frame.readByte()).isEqualTo((byte) 0x88);
        int length = frame.readByte();
        assertThat(length).isEqualTo(frame.readableBytes()).isLessThanOrEqualTo(125);
        assertThat(frame.readUnsignedShort()).isEqualTo(1008);
        assertThat(frame.toString(StandardCharsets.UTF_8)).isEqualTo("ü".repeat(61));
    }
}
