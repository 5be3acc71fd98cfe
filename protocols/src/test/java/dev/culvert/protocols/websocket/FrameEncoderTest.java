package dev.culvert.protocols.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameEncoderTest {
    private static final FrameEncoder SERVER = FrameEncoder.server();
    private static final FrameEncoder CLIENT = FrameEncoder.client(() -> 0x37fa213d);

    private static String hex(ByteBuffer buffer) {
        return HexFormat.of().formatHex(buffer.array(), 0, buffer.position());
    }

    @Test
    void writesTheExamplesOfTheSpecification() {
        ByteBuffer out = ByteBuffer.allocate(100);
        SERVER.ping(ByteBuffer.wrap("Hello".getBytes()), out);
        assertThat(hex(out)).isEqualTo("890548656c6c6f");
        out.clear();
        CLIENT.pong(ByteBuffer.wrap("Hello".getBytes()), out);
        assertThat(hex(out)).isEqualTo("8a8537fa213d7f9f4d5158");
        out.clear();
        SERVER.header(Opcode.BINARY, 256, out);
        SERVER.header(Opcode.BINARY, 65536, out);
        assertThat(hex(out)).isEqualTo("827e0100" + "827f0000000000010000");
    }

    @Test
    void writesAnEmptyBinaryMessageAsEndOfData() {
        ByteBuffer out = ByteBuffer.allocate(100);
        SERVER.endOfData(out);
        CLIENT.endOfData(out);
        assertThat(hex(out)).isEqualTo("8200" + "828037fa213d");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 125, 126, 127, 16383, 16384, 16385, 65535, 65536, 100_000})
    void splitsDataIntoMessagesThatDecodeToTheSameBytes(int length) throws Exception {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        for (Role role : Role.values()) {
            FrameEncoder encoder = role == Role.CLIENT ? CLIENT : SERVER;
            ByteBuffer out = ByteBuffer.allocate((int) encoder.encodedLength(length));
            assertThat(encoder.binary(ByteBuffer.wrap(payload), out)).isTrue();
            assertThat(out.hasRemaining()).isFalse();
            List<String> messages =
                    RecordedFrames.of(role == Role.CLIENT ? Role.SERVER : Role.CLIENT, out.array())
                            .events;
            assertThat(messages).allMatch(m -> m.length() - 5 <= FrameEncoder.MAX_MESSAGE);
            StringBuilder joined = new StringBuilder();
            messages.forEach(m -> joined.append(m, 5, m.length()));
            assertThat(joined.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .isEqualTo(payload);
        }
    }

    @Test
    void stopsWhenTheTargetIsFullAndGoesOnLater() throws Exception {
        byte[] payload = new byte[5000];
        new Random(1).nextBytes(payload);
        ByteBuffer from = ByteBuffer.wrap(payload);
        List<String> joined = new ArrayList<>();
        for (boolean done = false; !done; ) {
            ByteBuffer out = ByteBuffer.allocate(137);
            done = CLIENT.binary(from, out);
            joined.addAll(
                    RecordedFrames.of(
                                    Role.SERVER,
                                    java.util.Arrays.copyOf(out.array(), out.position()))
                            .events);
        }
        StringBuilder text = new StringBuilder();
        joined.forEach(m -> text.append(m, 5, m.length()));
        assertThat(text.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo(payload);
    }

    @Test
    void writesNothingIntoATargetWithoutRoom() {
        for (int room = 0; room <= 6; room++) {
            ByteBuffer out = ByteBuffer.allocate(room);
            assertThat(CLIENT.binary(ByteBuffer.wrap(new byte[10]), out)).isFalse();
            assertThat(out.position()).isZero();
        }
    }

    @Test
    void masksEveryLengthAndPhaseInBothByteOrders() {
        byte[] plain = new byte[64];
        new Random(7).nextBytes(plain);
        byte[] key = {0x37, (byte) 0xfa, 0x21, (byte) 0x3d};
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            for (int length = 0; length < 40; length++) {
                for (int phase = 0; phase < 6; phase++) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(64).order(order).put(0, plain);
                    buffer.position(3).limit(3 + length);
                    CLIENT.mask(buffer, 0x37fa213d, phase);
                    buffer.clear();
                    for (int i = 0; i < 64; i++) {
                        int inside = i >= 3 && i < 3 + length ? key[(phase + i - 3) & 3] : 0;
                        assertThat(buffer.get(i)).isEqualTo((byte) (plain[i] ^ inside));
                    }
                }
            }
        }
    }

    @Test
    void cutsACloseReasonAtACharacter() throws Exception {
        ByteBuffer out = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
        SERVER.close(1008, "a" + "\u00e9".repeat(80), out);
        assertThat(
                        RecordedFrames.of(
                                        Role.CLIENT,
                                        java.util.Arrays.copyOf(out.array(), out.position()))
                                .events)
                .containsExactly("close 1008 a" + "\u00e9".repeat(61));
    }

    @Test
    void writesACloseWithoutACode() throws Exception {
        ByteBuffer out = ByteBuffer.allocate(20);
        CLIENT.close(CloseCode.NO_STATUS, "", out);
        assertThat(hex(out)).isEqualTo("888037fa213d");
    }

    @Test
    void refusesWhatMayNotBeSent() {
        ByteBuffer out = ByteBuffer.allocate(300);
        for (int code : new int[] {0, 999, 1004, 1006, 1015, 1016, 2999, 5000}) {
            assertThatThrownBy(() -> SERVER.close(code, "", out))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SERVER.ping(ByteBuffer.allocate(126), out))
                .hasMessageContaining("at most 125");
        assertThat(out.position()).isZero();
    }
}
