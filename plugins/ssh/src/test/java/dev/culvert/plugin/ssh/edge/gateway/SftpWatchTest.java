package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What SFTP's packets say, cut anywhere, and what is none.
final class SftpWatchTest {
    private final List<String> told = new ArrayList<>();
    private final SftpWatch watch = new SftpWatch(told::add);

    private static byte[] packet(int type, int number, Object... parts) {
        ByteBuffer body = ByteBuffer.allocate(8192).put((byte) type).putInt(number);
        for (Object part : parts) {
            switch (part) {
                case String text -> {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    body.putInt(bytes.length).put(bytes);
                }
                case Integer value -> body.putInt(value);
                default -> throw new AssertionError(part);
            }
        }
        ByteBuffer whole = ByteBuffer.allocate(4 + body.position()).putInt(body.position());
        return whole.put(body.flip()).array();
    }

    private void asks(byte[] bytes) {
        watch.asked(bytes, 0, bytes.length);
    }

    private void answers(byte[] bytes) {
        watch.answered(bytes, 0, bytes.length);
    }

    @Test
    void anOperationIsToldWhenItIsAnswered() {
        asks(packet(3, 1, "/etc/passwd", 1, 0));
        assertThat(told).isEmpty();
        answers(packet(102, 1, "handle"));
        asks(packet(3, 2, "/etc/shadow", 0x1a, 0));
        answers(packet(101, 2, 3, "no", ""));
        asks(packet(18, 3, "/a", "/b"));
        answers(packet(101, 3, 0, "", ""));
        assertThat(told)
                .containsExactly(
                        "read /etc/passwd",
                        "write /etc/shadow: permission denied",
                        "rename /a to /b");
    }

    @Test
    void packetsAreFoundWhereverTheyAreCut() {
        byte[] bytes = packet(13, 9, "/home/ann/file");
        byte[] answer = packet(101, 9, 0, "", "");
        for (int cut = 0; cut <= bytes.length; cut++) {
            told.clear();
            watch.asked(bytes, 0, cut);
            watch.asked(bytes, cut, bytes.length - cut);
            int half = Math.min(cut, answer.length);
            watch.answered(answer, 0, half);
            watch.answered(answer, half, answer.length - half);
            assertThat(told).containsExactly("remove /home/ann/file");
        }
    }

    @Test
    void dataIsSkippedHoweverLong() {
        byte[] data = new byte[300_000];
        ByteBuffer.wrap(data).putInt(data.length - 4).put((byte) 6).putInt(1);
        asks(data);
        asks(packet(14, 2, "/after"));
        answers(packet(101, 2, 0));
        assertThat(told).containsExactly("make directory /after");
    }

    @Test
    void whatIsNoSftpPasses() {
        asks(new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 3, -1, -1, -1, -1, 0, 0, 0, 2, 3, 0});
        asks("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(told).isEmpty();
    }

    @Test
    void namesDoNotBreakLines() {
        asks(packet(13, 1, "/a\nsftp remove /b"));
        answers(packet(101, 1, 0));
        assertThat(told).containsExactly("remove /a?sftp remove /b");
    }
}
