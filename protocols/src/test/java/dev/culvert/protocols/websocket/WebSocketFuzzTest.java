package dev.culvert.protocols.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;

class WebSocketFuzzTest {
    /// Any input gives the same outcome whole and byte by byte, and throws nothing undeclared.
    @FuzzTest
    void decodesFramesTheSameWholeAndInPieces(byte[] input) {
        for (Role role : Role.values()) {
            RecordedFrames whole = new RecordedFrames();
            RecordedFrames pieces = new RecordedFrames();
            String first = outcome(role, input.clone(), input.length, whole);
            String second = outcome(role, input.clone(), 1, pieces);
            assertThat(second).isEqualTo(first);
            assertThat(pieces.events).isEqualTo(whole.events);
        }
    }

    private static String outcome(Role role, byte[] input, int step, RecordedFrames frames) {
        FrameDecoder decoder = new FrameDecoder(role, new FrameLimits(70_000, 100_000));
        try {
            for (int i = 0; i < input.length; i += step) {
                decoder.decode(ByteBuffer.wrap(input, i, Math.min(step, input.length - i)), frames);
            }
            return "closed=" + decoder.closed() + " between=" + decoder.betweenMessages();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @FuzzTest
    void readsResponseHeads(byte[] input) {
        try {
            ResponseHead head = new ResponseHeadDecoder().decode(ByteBuffer.wrap(input));
            if (head != null) {
                assertThat(head.status()).isBetween(100, 999);
                head.headers().forEach((n, v) -> assertThat(n + v).doesNotContain("\r", "\n"));
            }
        } catch (HandshakeException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }
}
