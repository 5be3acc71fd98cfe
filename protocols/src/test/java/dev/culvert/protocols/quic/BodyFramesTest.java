package dev.culvert.protocols.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.SerializedHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyFramesTest {
    private static final HeaderList TRAILERS =
            HeaderList.of("x-sum", "1", "X-Sum", "", "bytes", "\u00e4\u00ff\u0001");

    private static byte[] header(int length) {
        ByteBuffer out = ByteBuffer.allocate(BodyFrames.MAX_HEADER);
        BodyFrames.header(length, out);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] frame(byte[] bytes) {
        return joined(header(bytes.length), bytes);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] body(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i ^ i >>> 8);
        }
        return bytes;
    }

    /// What a body comes to, however it is split.
    private record Read(List<String> steps, byte[] bytes, HeaderList trailers, boolean over) {
        static Read of(byte[]... pieces) throws ProtocolException {
            BodyDecoder decoder = new BodyDecoder();
            List<String> steps = new ArrayList<>();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            HeaderList trailers = null;
            for (byte[] piece : pieces) {
                ByteBuffer in = ByteBuffer.wrap(piece);
                BodyDecoder.Step step;
                do {
                    step = decoder.next(in);
                    switch (step) {
                        case MORE -> assertThat(in.hasRemaining()).isFalse();
                        case BYTES -> {
                            assertThat(decoder.available()).isPositive();
                            byte[] some = new byte[decoder.available()];
                            in.get(some);
                            bytes.writeBytes(some);
                        }
                        case TRAILERS -> {
                            trailers = decoder.trailers();
                            steps.add(step.name());
                        }
                        case END, NOT_READ -> steps.add(step.name());
                    }
                } while (step != BodyDecoder.Step.MORE);
            }
            return new Read(steps, bytes.toByteArray(), trailers, decoder.isOver());
        }
    }

    // ---- lengths

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                63,
                64,
                16383,
                16384,
                (1 << 22) - 1,
                1 << 22,
                BodyFrames.MAX_LENGTH - 1,
                BodyFrames.MAX_LENGTH
            })
    void writesEachLengthAsTheShortestVarintAndReadsItAgain(int length) throws ProtocolException {
        byte[] header = header(length);
        assertThat(header).hasSize(length < 64 ? 1 : length < 16384 ? 2 : 4);
        BodyDecoder decoder = new BodyDecoder();
        for (byte b : header) {
            assertThat(decoder.next(ByteBuffer.wrap(new byte[] {b})))
                    .isEqualTo(BodyDecoder.Step.MORE);
        }
        long left = length;
        byte[] chunk = new byte[1 << 20];
        while (left > 0) {
            ByteBuffer in = ByteBuffer.wrap(chunk);
            assertThat(decoder.next(in)).isEqualTo(BodyDecoder.Step.BYTES);
            assertThat(decoder.available()).isEqualTo((int) Math.min(left, chunk.length));
            left -= decoder.available();
        }
        assertThat(decoder.next(ByteBuffer.wrap(BodyFrames.end()))).isEqualTo(BodyDecoder.Step.END);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, BodyFrames.MAX_LENGTH + 1, Integer.MAX_VALUE})
    void writesNoLengthOutsideItsBounds(int length) {
        assertThatThrownBy(() -> header(length)).hasMessageContaining("length: " + length);
    }

    @Test
    void readsLengthsThatAreLongerThanNeeded() throws ProtocolException {
        // RFC 9000, section 16: a varint need not be the shortest.
        assertSame(
                Read.of(Vectors.hex("4001 41 80000002 4243 4000 00")),
                Read.of(Vectors.hex("01 41 02 4243 00 00")));
    }

    // ---- whole bodies

    static List<byte[]> bodies() {
        return List.of(
                BodyFrames.end(),
                joined(frame(body(1)), BodyFrames.end()),
                joined(frame(body(100)), frame(body(63)), BodyFrames.end(), BodyFrames.notRead()),
                joined(frame(body(200)), BodyFrames.trailers(TRAILERS)),
                joined(BodyFrames.trailers(TRAILERS), BodyFrames.notRead()));
    }

    @Test
    void readsBodiesSplitAtEveryIndexAndByteByByte() throws ProtocolException {
        for (byte[] bytes : bodies()) {
            Read whole = Read.of(bytes);
            assertThat(whole.over).isTrue();
            byte[][] single = new byte[bytes.length][];
            for (int i = 0; i < bytes.length; i++) {
                single[i] = new byte[] {bytes[i]};
                assertSame(
                        Read.of(
                                Arrays.copyOf(bytes, i),
                                Arrays.copyOfRange(bytes, i, bytes.length)),
                        whole);
            }
            assertSame(Read.of(single), whole);
        }
    }

    private static void assertSame(Read read, Read whole) {
        assertThat(read.steps).isEqualTo(whole.steps);
        assertThat(read.bytes).isEqualTo(whole.bytes);
        assertThat(read.trailers).isEqualTo(whole.trailers);
        assertThat(read.over).isEqualTo(whole.over);
    }

    @Test
    void takesNoTruncatedBodyForAWholeOne() throws ProtocolException {
        for (byte[] bytes : bodies().subList(0, 4)) {
            int end = bytes.length;
            if (Read.of(bytes).steps.contains("NOT_READ")) {
                end -= BodyFrames.notRead().length;
            }
            for (int cut = 0; cut < end; cut++) {
                Read read = Read.of(Arrays.copyOf(bytes, cut));
                assertThat(read.over).as("%d of %d bytes", cut, end).isFalse();
                assertThat(read.steps).isEmpty();
            }
        }
    }

    @Test
    void carriesTrailersAsTheyAre() throws ProtocolException {
        Read read = Read.of(BodyFrames.trailers(TRAILERS));
        assertThat(read.trailers).isEqualTo(TRAILERS);
        assertThat(read.steps).containsExactly("TRAILERS");
        assertThat(read.bytes).isEmpty();
    }

    @Test
    void writesNoTrailersAsAnEnd() {
        assertThat(BodyFrames.trailers(new HeaderList())).isEqualTo(BodyFrames.end());
    }

    @Test
    void writesNoTrailersThatCannotBeRead() {
        assertThatThrownBy(() -> BodyFrames.trailers(HeaderList.of("a b", "c")))
                .hasMessageContaining("a token");
        assertThatThrownBy(() -> BodyFrames.trailers(HeaderList.of("a", "b\r\nc: d")))
                .hasMessageContaining("CR, LF, NUL");
        HeaderList large = new HeaderList();
        for (int i = 0; i < 5; i++) {
            large.add("x-" + i, "v".repeat(60_000));
        }
        assertThatThrownBy(() -> BodyFrames.trailers(large))
                .hasMessageContaining("at most " + SerializedHeaders.MAX_LENGTH);
    }

    @Test
    void hasTrailersOnlyAfterTrailers() {
        assertThatThrownBy(() -> new BodyDecoder().trailers())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hasCreditsBetweenPiecesAndAfterTheEnd() throws ProtocolException {
        byte[] bytes = Vectors.hex("00 03 05 01 41 00 03 7f ff 00 00 00 03 01 00 02");
        BodyDecoder decoder = new BodyDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        assertThat(decoder.next(in)).isEqualTo(BodyDecoder.Step.CREDIT);
        assertThat(decoder.credit()).isEqualTo(5);
        assertThat(decoder.next(in)).isEqualTo(BodyDecoder.Step.BYTES);
        in.get();
        assertThat(decoder.next(in)).isEqualTo(BodyDecoder.Step.CREDIT);
        assertThat(decoder.credit()).isEqualTo(0x3fff);
        assertThat(decoder.next(in)).isEqualTo(BodyDecoder.Step.END);
        assertThat(decoder.next(in)).isEqualTo(BodyDecoder.Step.CREDIT);
        assertThat(decoder.credit()).isEqualTo(1);
        assertThat(decoder.next(in)).isEqualTo(BodyDecoder.Step.NOT_READ);
        assertThat(BodyFrames.credit(0x3fff)).isEqualTo(Vectors.hex("00 03 7f ff"));
    }

    // ---- refused

    private static void assertRejected(String hex, String text) {
        byte[] bytes = Vectors.hex(hex);
        assertThatThrownBy(() -> Read.of(bytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(text);
        byte[][] single = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            single[i] = new byte[] {bytes[i]};
        }
        assertThatThrownBy(() -> Read.of(single)).hasMessageContaining(text);
    }

    @Test
    void rejectsAVarintOfEightBytes() {
        assertRejected("c0", "below 2^30");
        assertRejected("01 41 ff", "below 2^30");
        assertRejected("00 01 c0", "below 2^30");
    }

    @Test
    void rejectsEndingsOfNoKind() {
        assertRejected("00 04", "ending of a body: 4");
        assertRejected("00 03 00", "credit: 0");
        assertRejected("01 41 00 ff", "ending of a body: -1");
    }

    @Test
    void rejectsNotReadBeforeTheAnswersEnd() {
        assertRejected("00 02", "before the answer's end");
        assertRejected("02 4142 00 02", "before the answer's end");
    }

    @Test
    void rejectsWhatFollowsAnEnd() {
        assertRejected("00 00 01", "after its end");
        assertRejected("00 00 00 00", "a second one");
        assertRejected("00 00 00 01", "a second one");
        assertRejected("00 00 00 02 05", "after its end");
        assertRejected("00 01 05 59513a4d51 00 00", "a second one");
    }

    @Test
    void rejectsTrailersThatAreEmptyTooLongOrBroken() {
        assertRejected("00 01 00", "length of trailers: 0");
        assertRejected("00 01 80040001", "length of trailers: " + (256 * 1024 + 1));
        assertRejected("00 01 bfffffff", "length of trailers: " + BodyFrames.MAX_LENGTH);
        assertRejected("00 01 03 594259", "no colon");
    }

    /// A connection carries thousands of streams: what one announces must not cost more than it sends.
    @Test
    void holdsForTrailersNoMoreThanHasCome() throws ProtocolException {
        List<BodyDecoder> decoders = new ArrayList<>();
        byte[] announced = Vectors.hex("00 01 80040000 59");
        long before = used();
        for (int i = 0; i < 2000; i++) {
            BodyDecoder decoder = new BodyDecoder();
            decoder.next(ByteBuffer.wrap(announced));
            decoders.add(decoder);
        }
        assertThat(used() - before).isLessThan(50L * 1024 * 1024);
        assertThat(decoders).hasSize(2000);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
