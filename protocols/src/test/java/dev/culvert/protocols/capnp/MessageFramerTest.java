package dev.culvert.protocols.capnp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageFramerTest {
    static Stream<String> messages() {
        return Vectors.allMessages();
    }

    static Stream<String> controlStreams() {
        return Vectors.CONVERSATIONS.stream()
                .flatMap(f -> Stream.of(f + "/control-c2e.bin", f + "/control-e2c.bin"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsEachRecordedMessageWholeAndWritesTheSameTree(String name) throws ProtocolException {
        Struct root = decode(Vectors.bytes(name));
        assertThat(decode(MessageWriter.encode(root))).isEqualTo(root);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsEachRecordedMessageByteByByte(String name) throws ProtocolException {
        byte[] bytes = Vectors.bytes(name);
        MessageFramer framer = new MessageFramer(MessageLimits.REGISTRATION);
        for (int i = 0; i < bytes.length - 1; i++) {
            assertThat(framer.next(ByteBuffer.wrap(bytes, i, 1))).isNull();
        }
        assertThat(framer.next(ByteBuffer.wrap(bytes, bytes.length - 1, 1)))
                .isEqualTo(decode(bytes));
        assertThat(framer.atBoundary()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("controlStreams")
    void readsEachControlStreamSplitAtEveryIndex(String name) throws ProtocolException {
        byte[] bytes = Vectors.bytes(name);
        List<Struct> whole = all(bytes);
        for (int split = 0; split <= bytes.length; split++) {
            assertThat(
                            all(
                                    Arrays.copyOf(bytes, split),
                                    Arrays.copyOfRange(bytes, split, bytes.length)))
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void waitsForTheRestOfEachMessageTruncatedAtEveryIndex(String name) throws ProtocolException {
        byte[] bytes = Vectors.bytes(name);
        for (int end = 0; end < bytes.length; end++) {
            MessageFramer framer = new MessageFramer(MessageLimits.REGISTRATION);
            assertThat(framer.next(ByteBuffer.wrap(bytes, 0, end))).isNull();
            assertThat(framer.atBoundary()).isEqualTo(end == 0);
        }
    }

    @Test
    void leavesWhatFollowsTheMessage() throws ProtocolException {
        // Signature and version stand in front of the head of a QUIC stream, the body behind it.
        byte[] head = Vectors.bytes("quic-streams/http-request-e2c.bin");
        ByteBuffer in =
                ByteBuffer.allocate(head.length + 3)
                        .put(head)
                        .put(new byte[] {1, 2, 3})
                        .position(8);
        Struct request = new MessageFramer(MessageLimits.REGISTRATION).next(in);
        assertThat(request.fields().text(0, 100)).endsWith("/multi");
        assertThat(in.remaining()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40000000", "ffffffff", "ffffff7f", "01010000"})
    void rejectsTooManySegments(String count) {
        assertRejected(Vectors.hex(count), "segments");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000 01000200",
                "00000000 ffffffff",
                "01000000 ffffffff ffffffff 00000000"
            })
    void rejectsSizesAboveTheLimitBeforeTheContentComes(String table) {
        assertRejected(Vectors.hex(table), "message size");
    }

    @Test
    void acceptsAMessageOfExactlyTheLimit() throws ProtocolException {
        byte[] bytes = new byte[8 + (1 << 20)];
        bytes[6] = 2;
        assertThat(decode(bytes)).isEqualTo(Struct.EMPTY);
    }

    @Test
    void rejectsAMessageWithoutARootPointer() {
        assertRejected(Vectors.hex("00000000 00000000"), "first segment");
    }

    @Test
    void readsTheGreatestNumberOfSegments() throws ProtocolException {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 64 * 4 + 4 + 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(63).putInt(1);
        assertThat(decode(bytes.array())).isEqualTo(Struct.EMPTY);
    }

    static Struct decode(byte[] bytes) throws ProtocolException {
        List<Struct> roots = all(bytes);
        assertThat(roots).hasSize(1);
        return roots.getFirst();
    }

    static void assertRejected(byte[] bytes, String message) {
        assertThatThrownBy(() -> all(bytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("expected: ");
    }

    private static List<Struct> all(byte[]... parts) throws ProtocolException {
        MessageFramer framer = new MessageFramer(MessageLimits.REGISTRATION);
        List<Struct> roots = new ArrayList<>();
        for (byte[] part : parts) {
            ByteBuffer in = ByteBuffer.wrap(part);
            for (Struct root = framer.next(in); root != null; root = framer.next(in)) {
                roots.add(root);
            }
            assertThat(in.hasRemaining()).isFalse();
        }
        return roots;
    }
}
