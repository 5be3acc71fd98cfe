package dev.culvert.protocols.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameDecoderTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /// The examples of RFC 6455, section 5.7.
    @ParameterizedTest
    @CsvSource({
        "CLIENT, 81 05 48 65 6c 6c 6f, text Hello",
        "SERVER, 81 85 37 fa 21 3d 7f 9f 4d 51 58, text Hello",
        "CLIENT, 01 03 48 65 6c 80 02 6c 6f, text Hello",
        "CLIENT, 89 05 48 65 6c 6c 6f, ping Hello",
        "SERVER, 8a 85 37 fa 21 3d 7f 9f 4d 51 58, pong Hello",
    })
    void readsTheExamplesOfTheSpecification(Role role, String bytes, String event)
            throws Exception {
        assertThat(RecordedFrames.of(role, hex(bytes)).events).containsExactly(event);
    }

    @Test
    void readsTheLongExamplesOfTheSpecification() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(hex("82 7E 0100"));
        bytes.write(new byte[256]);
        bytes.write(hex("82 7F 0000000000010000"));
        bytes.write(new byte[65536]);
        assertThat(RecordedFrames.of(Role.CLIENT, bytes.toByteArray()).events)
                .extracting(String::length)
                .containsExactly(5 + 256, 5 + 65536);
    }

    /// One of everything, with a ping inside a fragmented message, as client frames.
    private static byte[] conversation() {
        ByteBuffer out = ByteBuffer.allocate(2000);
        FrameEncoder encoder = FrameEncoder.client(() -> 0x37fa213d);
        encoder.binary(ByteBuffer.wrap("0123456789abcdefghi".getBytes()), out);
        encoder.endOfData(out);
        part(out, 0x02, "");
        part(out, 0x00, "one");
        encoder.ping(ByteBuffer.wrap("p".getBytes()), out);
        part(out, 0x00, "");
        part(out, 0x80, "two");
        part(out, 0x02, "");
        part(out, 0x80, "");
        part(out, 0x01, "\u00c3");
        part(out, 0x80, "\u00a9");
        encoder.binary(ByteBuffer.allocate(200), out);
        encoder.pong(ByteBuffer.allocate(0), out);
        encoder.close(1001, "bye", out);
        out.flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    private static void part(ByteBuffer out, int first, String latin) {
        out.put((byte) first).put((byte) (0x80 | latin.length())).putInt(0x01020304);
        for (int i = 0; i < latin.length(); i++) {
            out.put((byte) (latin.charAt(i) ^ (i % 4 + 1)));
        }
    }

    private static final List<String> CONVERSATION =
            List.of(
                    "data 0123456789abcdefghi",
                    "data ",
                    "ping p",
                    "data onetwo",
                    "data ",
                    "text \u00c3\u00a9",
                    "data " + "\0".repeat(200),
                    "pong ",
                    "close 1001 bye");

    @Test
    void readsTheSameWholeByteByByteAndSplitAnywhere() throws Exception {
        byte[] bytes = conversation();
        assertThat(RecordedFrames.of(Role.SERVER, bytes).events).isEqualTo(CONVERSATION);
        assertThat(
                        RecordedFrames.of(
                                        Role.SERVER,
                                        bytes,
                                        IntStream.range(1, bytes.length).toArray())
                                .events)
                .isEqualTo(CONVERSATION);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(RecordedFrames.of(Role.SERVER, bytes, cut).events).isEqualTo(CONVERSATION);
        }
    }

    @Test
    void anyTruncationIsAPrefixAndIsRecognisable() throws Exception {
        byte[] bytes = conversation();
        for (int cut = 0; cut < bytes.length; cut++) {
            RecordedFrames frames = new RecordedFrames();
            FrameDecoder decoder = new FrameDecoder(Role.SERVER, FrameLimits.NONE);
            decoder.decode(ByteBuffer.wrap(bytes.clone(), 0, cut), frames);
            assertThat(CONVERSATION.subList(0, frames.events.size())).isEqualTo(frames.events);
            assertThat(decoder.closed()).isFalse();
        }
    }

    @Test
    void knowsWhetherInputMayEndHere() throws Exception {
        FrameDecoder decoder = new FrameDecoder(Role.CLIENT, FrameLimits.NONE);
        RecordedFrames frames = new RecordedFrames();
        assertThat(decoder.betweenMessages()).isTrue();
        for (String piece : List.of("02", "01", "61", "80")) {
            decoder.decode(ByteBuffer.wrap(hex(piece)), frames);
            assertThat(decoder.betweenMessages()).isFalse();
        }
        decoder.decode(ByteBuffer.wrap(hex("00")), frames);
        assertThat(decoder.betweenMessages()).isTrue();
        assertThat(frames.events).containsExactly("data a");
    }

    @Test
    void discardsWhatFollowsAClose() throws Exception {
        assertThat(RecordedFrames.of(Role.CLIENT, hex("88 00 ff ff ff ff")).events)
                .containsExactly("close 1005 ");
    }

    @Test
    void handsOnTheInputItselfWithoutACopy() throws Exception {
        ByteBuffer input = ByteBuffer.wrap(hex("82 02 6162 82 01 63"));
        StringBuilder seen = new StringBuilder();
        new FrameDecoder(Role.CLIENT, FrameLimits.NONE)
                .decode(
                        input,
                        new FrameReceiver() {
                            @Override
                            public void data(ByteBuffer chunk, boolean first, boolean last) {
                                assertThat(chunk).isSameAs(input);
                                seen.append(chunk.position()).append('-').append(chunk.limit());
                                seen.append(' ');
                            }

                            @Override
                            public void text(ByteBuffer chunk, boolean first, boolean last) {}

                            @Override
                            public void ping(ByteBuffer payload) {}

                            @Override
                            public void pong(ByteBuffer payload) {}

                            @Override
                            public void close(int code, String reason) {}
                        });
        assertThat(seen).hasToString("2-4 6-7 ");
        assertThat(input.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT, 1002, c2 00, reserved bits",
        "CLIENT, 1002, a2 00, reserved bits",
        "CLIENT, 1002, 92 00, reserved bits",
        "CLIENT, 1002, 82 80, masked frame from a server",
        "SERVER, 1002, 82 00, not masked",
        "CLIENT, 1002, 83 00, opcode: 3",
        "CLIENT, 1002, 8b 00, opcode: 11",
        "CLIENT, 1002, 80 00, continuation frame without",
        "CLIENT, 1002, 02 00 82 00, new message inside",
        "CLIENT, 1002, 02 00 81 00, new message inside",
        "CLIENT, 1002, 09 00, fragmented control",
        "CLIENT, 1002, 08 00, fragmented control",
        "CLIENT, 1002, 89 7e, above 125",
        "CLIENT, 1002, 88 7f, above 125",
        "CLIENT, 1002, 82 7e 00 7d, shortest",
        "CLIENT, 1002, 82 7f 00 00 00 00 00 00 ff ff, shortest",
        "CLIENT, 1002, 82 7f 80 00 00 00 00 00 00 00, 63 bits",
        "CLIENT, 1002, 88 01 03, close frame of 1 byte",
        "CLIENT, 1002, 88 02 03 e7, close code: 999",
        "CLIENT, 1002, 88 02 03 ed, close code: 1005",
        "CLIENT, 1002, 88 02 03 ee, close code: 1006",
        "CLIENT, 1002, 88 02 03 f7, close code: 1015",
        "CLIENT, 1002, 88 02 13 88, close code: 5000",
        "CLIENT, 1007, 88 03 03 e8 ff, close reason is not UTF-8",
        "CLIENT, 1007, 88 03 03 e8 c3, close reason is not UTF-8",
        "CLIENT, 1007, 81 01 ff, text message is not UTF-8",
        "CLIENT, 1007, 81 01 c3, text message is not UTF-8",
        "CLIENT, 1007, 81 02 c0 80, text message is not UTF-8",
        "CLIENT, 1007, 81 03 ed a0 80, text message is not UTF-8",
        "CLIENT, 1007, 81 04 f4 90 80 80, text message is not UTF-8",
        "CLIENT, 1007, 81 03 e0 80 80, text message is not UTF-8",
        "CLIENT, 1007, 81 04 f0 80 80 80, text message is not UTF-8",
        "CLIENT, 1007, 01 01 c3 80 01 41, text message is not UTF-8",
        "CLIENT, 1009, 82 7e 03 e9, frame of 1001 bytes",
        "CLIENT, 1009, 02 7e 03 e8, NOTHING",
        "CLIENT, 1009, 82 7f 7f ff ff ff ff ff ff ff, frame of 9223372036854775807",
    })
    void refusesWhatTheSpecificationForbids(Role role, int code, String bytes, String message)
            throws Exception {
        FrameLimits limits = new FrameLimits(1000, 1500);
        if (message.equals("NOTHING")) {
            assertThat(RecordedFrames.of(role, limits, hex(bytes)).events).isEmpty();
            return;
        }
        assertThatThrownBy(() -> RecordedFrames.of(role, limits, hex(bytes)))
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(
                        FrameException.class, e -> assertThat(e.closeCode()).isEqualTo(code));
        byte[] input = hex(bytes);
        assertThatThrownBy(() ->
                        RecordedFrames.of(
                                role, limits, input, IntStream.range(1, input.length).toArray()))
                .isInstanceOf(FrameException.class);
    }

    @Test
    void limitsAMessageByTheSumOfItsFragments() {
        ByteBuffer out = ByteBuffer.allocate(2100);
        out.put(hex("02 7e 03e8")).put(new byte[1000]).put(hex("80 7e 01f5"));
        byte[] bytes = java.util.Arrays.copyOf(out.array(), out.position());
        assertThatThrownBy(() -> RecordedFrames.of(Role.CLIENT, new FrameLimits(1000, 1500), bytes))
                .hasMessageContaining("message of 1501 bytes (expected: at most 1500)");
    }

    @ParameterizedTest
    @CsvSource({
        "81 04 f0 9f 92 a9",
        "81 03 e2 82 ac",
        "81 03 ed 9f bf",
        "81 04 f4 8f bf bf",
        "81 00",
    })
    void acceptsTextOfEveryLengthOfCharacter(String bytes) throws Exception {
        assertThat(RecordedFrames.of(Role.CLIENT, hex(bytes)).events).hasSize(1);
        byte[] input = hex(bytes);
        RecordedFrames.of(Role.CLIENT, input, IntStream.range(1, input.length).toArray());
    }
}
