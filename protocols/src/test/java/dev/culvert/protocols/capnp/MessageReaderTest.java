package dev.culvert.protocols.capnp;

import static dev.culvert.protocols.capnp.MessageFramerTest.assertRejected;
import static dev.culvert.protocols.capnp.MessageFramerTest.decode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    @Test
    void readsAnEmptyStructWithOffsetMinusOne() throws ProtocolException {
        assertThat(decode(message(0xffff_fffcL))).isEqualTo(Struct.EMPTY);
        assertThat(MessageWriter.encode(Struct.EMPTY)).isEqualTo(message(0xffff_fffcL));
    }

    @Test
    void readsAnEmptyCompositeList() throws ProtocolException {
        Struct root = decode(message(struct(0, 0, 1), 0x7_0000_0001L, 0x0001_0001_0000_0000L));
        assertThat(root.fields().structs(0, 10)).isEmpty();
        assertThat(MessageWriter.encode(root))
                .isEqualTo(message(struct(0, 0, 1), 0x7_0000_0001L, 0x0001_0001_0000_0000L));
    }

    @Test
    void followsAFarPointer() throws ProtocolException {
        byte[] bytes = segments(new long[] {far(1, 1)}, new long[] {77, struct(0, 1, 0), 42});
        assertThat(decode(bytes).fields().i64(0)).isEqualTo(42);
    }

    @Test
    void followsADoubleFarPointer() throws ProtocolException {
        byte[] bytes =
                segments(
                        new long[] {far(1, 0) | 4},
                        new long[] {far(2, 1), struct(0, 1, 0)},
                        new long[] {0, 42});
        assertThat(decode(bytes).fields().i64(0)).isEqualTo(42);
    }

    @Test
    void rejectsFarPointersThatLeadNowhere() {
        assertRejected(segments(new long[] {far(2, 0)}, new long[] {0}), "segment: 2");
        assertRejected(segments(new long[] {far(-1, 0)}, new long[] {0}), "segment: 4294967295");
        assertRejected(segments(new long[] {far(1, 1)}, new long[] {0}), "object");
        assertRejected(segments(new long[] {far(1, 0) | 4}, new long[] {far(0, 0)}), "object");
        assertRejected(segments(new long[] {far(1, 0)}, new long[] {far(1, 0)}), "landing pad");
        assertRejected(
                segments(new long[] {far(1, 0) | 4}, new long[] {far(0, 0), far(0, 0)}),
                "landing pad");
    }

    @Test
    void rejectsPointersOutOfBounds() {
        assertRejected(message(struct(0, 1, 0)), "object");
        assertRejected(message(struct(-2, 1, 0)), "object");
        assertRejected(message(struct(0x1fff_ffff, 1, 0)), "object");
        assertRejected(message(struct(0, 0xffff, 0xffff)), "object");
        assertRejected(message(struct(0, 0, 1), list(0, 2, 9), 0), "object");
        assertRejected(message(struct(0, 0, 1), list(0, 2, 0x1fff_ffff), 0), "object");
        assertRejected(message(struct(0, 0, 1), list(0, 5, 0x1fff_ffff), 0), "object");
        assertRejected(message(struct(0, 0, 1), list(0, 6, 0x1fff_ffff), 0), "object");
        assertRejected(message(struct(0, 0, 1), list(0, 7, 0x1fff_ffff), 0), "object");
    }

    @Test
    void rejectsAStructListWhoseTagClaimsMoreThanItsWords() {
        assertRejected(message(struct(0, 0, 1), list(0, 7, 1), (2L << 2) | 1L << 32, 0), "tag");
        assertRejected(
                message(struct(0, 0, 1), list(0, 7, 1), 0x3fff_ffffL << 2 | 0xffffL << 32, 0),
                "tag");
        assertRejected(message(struct(0, 0, 1), list(0, 7, 1), 1, 0), "tag");
    }

    @Test
    void rejectsAmplificationByAListOfManyEmptyStructs() {
        assertRejected(
                message(struct(0, 0, 1), list(0, 7, 0), 0x1fff_ffffL << 2),
                "more than the message");
    }

    @Test
    void rejectsAPointerToItself() {
        assertRejected(message(struct(-1, 0, 1)), "expected: ");
        assertRejected(message(struct(0, 0, 1), list(-1, 6, 1)), "expected: ");
        assertRejected(segments(new long[] {far(0, 1), struct(-1, 0, 1)}), "expected: ");
    }

    @Test
    void rejectsManyPointersToTheSameObject() {
        long[] words = new long[600];
        words[0] = struct(0, 0, 99);
        for (int i = 1; i < 100; i++) {
            words[i] = struct(99 - i, 500, 0);
        }
        assertRejected(message(words), "more than the message");
    }

    @Test
    void readsAndRejectsByDepth() throws ProtocolException {
        assertThat(decode(message(nested(63)))).isNotNull();
        assertRejected(message(nested(65)), "depth");
    }

    @Test
    void rejectsARootThatIsNoStruct() {
        assertRejected(message(list(0, 2, 1), 0), "root pointer");
        assertRejected(message(3), "root pointer");
        assertRejected(message(7), "pointer of kind 3");
    }

    @Test
    void readsAbsentFieldsAsDefaults() throws ProtocolException {
        Fields fields = decode(message(0)).fields();
        assertThat(fields.bit(700)).isFalse();
        assertThat(fields.i64(0)).isZero();
        assertThat(fields.text(3, 10)).isEmpty();
        assertThat(fields.data(3, 10)).isEmpty();
        assertThat(fields.texts(3, 10, 10)).isEmpty();
        assertThat(fields.struct(3).u16(0)).isZero();
    }

    @Test
    void rejectsTextThatIsNone() {
        byte[] noNul = message(struct(0, 0, 1), list(0, 2, 2), 0x4141);
        assertThatThrownBy(() -> decode(noNul).fields().text(0, 10))
                .hasMessageContaining("ends in NUL");
        byte[] noUtf8 = message(struct(0, 0, 1), list(0, 2, 2), 0xff);
        assertThatThrownBy(() -> decode(noUtf8).fields().text(0, 10)).hasMessageContaining("UTF-8");
        byte[] capability = message(struct(0, 0, 1), 3);
        assertThatThrownBy(() -> decode(capability).fields().text(0, 10))
                .hasMessageContaining("expected: text");
        assertThatThrownBy(() -> decode(capability).fields().data(0, 10))
                .hasMessageContaining("list of bytes");
        assertThatThrownBy(() -> decode(capability).fields().struct(0))
                .hasMessageContaining("a struct");
    }

    @Test
    void rejectsFieldsAboveTheBoundsOfTheirReader() throws ProtocolException {
        Struct built =
                new StructBuilder(0, 3)
                        .text(0, "four")
                        .data(1, new byte[4])
                        .texts(2, List.of("a", "b", "ccc"))
                        .build();
        Fields fields = decode(MessageWriter.encode(built)).fields();
        assertThat(fields.text(0, 4)).isEqualTo("four");
        assertThat(fields.texts(2, 3, 3)).containsExactly("a", "b", "ccc");
        assertThatThrownBy(() -> fields.text(0, 3)).hasMessageContaining("at most 3");
        assertThatThrownBy(() -> fields.data(1, 3)).hasMessageContaining("at most 3");
        assertThatThrownBy(() -> fields.texts(2, 2, 3)).hasMessageContaining("at most 2");
        assertThatThrownBy(() -> fields.texts(2, 3, 2)).hasMessageContaining("at most 2");
    }

    @Test
    void writesWhatItReads() throws ProtocolException {
        Struct element =
                new StructBuilder(1, 2)
                        .i64(0, -1)
                        .text(0, "grüße")
                        .pointer(1, new Value.Capability(5))
                        .build();
        Struct built =
                new StructBuilder(2, 4)
                        .bit(65, true)
                        .u8(1, 200)
                        .u16(2, 65535)
                        .i32(4, -7)
                        .structs(0, 1, 2, List.of(element, element, element))
                        .texts(1, List.of("", "x"))
                        .pointer(2, Struct.EMPTY)
                        .build();
        byte[] bytes = MessageWriter.encode(built);
        Struct read = decode(bytes);
        assertThat(read).isEqualTo(built);
        assertThat(read.fields().bit(65)).isTrue();
        assertThat(read.fields().u8(1)).isEqualTo(200);
        assertThat(read.fields().i32(4)).isEqualTo(-7);
        assertThat(read.fields().structs(0, 3).get(2).fields().text(0, 99)).isEqualTo("grüße");
        assertThat(MessageWriter.encode(read)).isEqualTo(bytes);
    }

    private static long[] nested(int levels) {
        long[] words = new long[levels + 1];
        for (int i = 0; i < levels; i++) {
            words[i] = struct(0, 0, 1);
        }
        return words;
    }

    static long struct(int offset, int dataWords, int pointers) {
        return (long) offset << 2 & 0xffff_ffffL | (long) dataWords << 32 | (long) pointers << 48;
    }

    static long list(int offset, int elementSize, int count) {
        return (long) offset << 2 & 0xffff_ffffL
                | 1
                | (long) elementSize << 32
                | (long) count << 35;
    }

    static long far(int segment, int word) {
        return 2 | (long) word << 3 | (long) segment << 32;
    }

    static byte[] message(long... words) {
        return segments(words);
    }

    static byte[] segments(long[]... segments) {
        int words = 0;
        for (long[] segment : segments) {
            words += segment.length;
        }
        int table = 8 * (1 + segments.length / 2);
        ByteBuffer out = ByteBuffer.allocate(table + words * 8).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(segments.length - 1);
        for (long[] segment : segments) {
            out.putInt(segment.length);
        }
        out.position(table);
        for (long[] segment : segments) {
            for (long word : segment) {
                out.putLong(word);
            }
        }
        return out.array();
    }
}
