package dev.culvert.protocols.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageWriter;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.stream.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectHeadsTest {
    private static final String REQUEST = "quic-streams/http-request-e2c.bin";
    private static final String RESPONSE = "quic-streams/http-response-head-c2e.bin";
    private static final String ERROR = "quic-streams/http-error-response-c2e.bin";
    private static final ConnectRequest RECORDED_REQUEST =
            new ConnectRequest(
                    ConnectRequest.Type.HTTP,
                    "https://127.0.0.1:8080/multi",
                    HeaderList.of(
                            "HttpMethod",
                            "GET",
                            "HttpHost",
                            "127.0.0.1:8080",
                            "HttpHeader:User-Agent",
                            "curl/7.88.1",
                            "HttpHeader:Accept",
                            "*/*"));
    private static final ConnectResponse RECORDED_RESPONSE =
            new ConnectResponse(
                    "",
                    HeaderList.of(
                            "HttpStatus",
                            "200",
                            "HttpHeader:Server",
                            "nginx/1.22.1",
                            "HttpHeader:Date",
                            "Mon, 23 Nov 2026 06:48:07 GMT",
                            "HttpHeader:Content-Type",
                            "application/octet-stream",
                            "HttpHeader:Content-Length",
                            "6",
                            "HttpHeader:Connection",
                            "keep-alive",
                            "HttpHeader:Set-Cookie",
                            "a=1",
                            "HttpHeader:Set-Cookie",
                            "b=2; Path=/",
                            "HttpHeader:X-Utf8",
                            "caf\\u00e9"));

    /// Behind the preamble.
    private static byte[] message(String vector) {
        byte[] stream = Vectors.bytes(vector);
        return Arrays.copyOfRange(stream, Preamble.DATA.length(), stream.length);
    }

    private static ConnectRequest request(byte[]... pieces) throws ProtocolException {
        return ConnectRequest.decode(read(ConnectRequest.framer(), pieces));
    }

    private static ConnectResponse response(byte[]... pieces) throws ProtocolException {
        return ConnectResponse.decode(read(ConnectResponse.framer(), pieces));
    }

    private static Struct read(MessageFramer framer, byte[]... pieces) throws ProtocolException {
        Struct read = null;
        for (byte[] piece : pieces) {
            ByteBuffer in = ByteBuffer.wrap(piece);
            Struct message = framer.next(in);
            assertThat(in.hasRemaining()).isFalse();
            if (message != null) {
                assertThat(read).isNull();
                read = message;
            }
        }
        assertThat(read).as("a whole message").isNotNull();
        return read;
    }

    // ---- recorded

    @Test
    void readsTheRecordedHeads() throws ProtocolException {
        assertThat(request(message(REQUEST))).isEqualTo(RECORDED_REQUEST);
        assertThat(response(message(RESPONSE))).isEqualTo(RECORDED_RESPONSE);
        ConnectResponse failed = response(message(ERROR));
        assertThat(failed.metadata().isEmpty()).isTrue();
        assertThat(failed.error())
                .startsWith("Unable to reach the origin service.")
                .endsWith("dial tcp 127.0.0.1:9200: connect: connection refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {REQUEST, RESPONSE, ERROR})
    void readsARecordedHeadByteByByteAndSplitAtEveryIndex(String vector) throws ProtocolException {
        byte[] bytes = message(vector);
        Struct whole = read(ConnectRequest.framer(), bytes);
        byte[][] single = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            single[i] = new byte[] {bytes[i]};
            assertThat(
                            read(
                                    ConnectResponse.framer(),
                                    Arrays.copyOf(bytes, i),
                                    Arrays.copyOfRange(bytes, i, bytes.length)))
                    .isEqualTo(whole);
        }
        assertThat(read(ConnectRequest.framer(), single)).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {REQUEST, RESPONSE, ERROR})
    void takesNoTruncatedHeadForAWholeOne(String vector) throws ProtocolException {
        byte[] bytes = message(vector);
        for (int end = 0; end < bytes.length; end++) {
            assertThat(ConnectRequest.framer().next(ByteBuffer.wrap(bytes, 0, end)))
                    .as("%d bytes", end)
                    .isNull();
        }
    }

    @Test
    void leavesTheBodyBehindAHeadAlone() throws ProtocolException {
        byte[] bytes = Arrays.copyOf(message(RESPONSE), message(RESPONSE).length + 6);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        assertThat(ConnectResponse.framer().next(in)).isNotNull();
        assertThat(in.remaining()).isEqualTo(6);
    }

    @Test
    void writesTheRecordedHeadsWithTheSameMeaning() throws ProtocolException {
        assertThat(request(RECORDED_REQUEST.encode())).isEqualTo(RECORDED_REQUEST);
        assertThat(response(RECORDED_RESPONSE.encode())).isEqualTo(RECORDED_RESPONSE);
        // The recording edge and this one write alike.
        assertThat(RECORDED_REQUEST.encode()).isEqualTo(message(REQUEST));
    }

    // ---- written and read again

    @ParameterizedTest
    @EnumSource
    void carriesDuplicatesInOrderEmptyValuesAndEveryByte(ConnectRequest.Type type)
            throws ProtocolException {
        StringBuilder all = new StringBuilder();
        for (int b = 1; b < 256; b++) {
            all.append((char) b);
        }
        HeaderList metadata =
                HeaderList.of("a", "2", "b", "", "a", "1", "", "", "a", "2", "all", all.toString());
        ConnectRequest request = new ConnectRequest(type, "https://h/ä", metadata);
        assertThat(request(request.encode())).isEqualTo(request);
        ConnectResponse response = new ConnectResponse(all.toString(), metadata);
        assertThat(response(response.encode())).isEqualTo(response);
    }

    @Test
    void carriesNothingAtAll() throws ProtocolException {
        ConnectResponse empty = new ConnectResponse("", new HeaderList(0));
        assertThat(response(empty.encode())).isEqualTo(empty);
        assertThat(response(MessageWriter.encode(Struct.EMPTY))).isEqualTo(empty);
        assertThat(request(MessageWriter.encode(Struct.EMPTY)))
                .isEqualTo(new ConnectRequest(ConnectRequest.Type.HTTP, "", new HeaderList(0)));
    }

    @Test
    void carriesAsManyPairsAndAsLongValuesAsAllowed() throws ProtocolException {
        HeaderList many = new HeaderList();
        for (int i = 0; i < Metadata.MAX_PAIRS; i++) {
            many.add("HttpHeader:X-" + i, "v");
        }
        assertThat(response(new ConnectResponse("", many).encode()).metadata()).isEqualTo(many);
        HeaderList large = HeaderList.of("k".repeat(1024), "v".repeat(64 * 1024));
        assertThat(response(new ConnectResponse("", large).encode()).metadata()).isEqualTo(large);
    }

    // ---- refused

    private static StructBuilder head(List<Struct> pairs) {
        return new StructBuilder(1, 2)
                .data(0, Metadata.bytes("https://h/"))
                .structs(1, 0, 2, pairs);
    }

    private static void assertRejected(Struct message, String text) {
        assertThatThrownBy(() -> request(MessageWriter.encode(message)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 65535})
    void rejectsATypeBeyondTcp(int type) {
        assertRejected(head(List.of()).u16(0, type).build(), "connect request: " + type);
    }

    @Test
    void rejectsTextThatDoesNotEndInNul() {
        byte[] bare = "abc".getBytes(StandardCharsets.US_ASCII);
        assertRejected(new StructBuilder(1, 2).data(0, bare).build(), "without a NUL");
        Struct key = new StructBuilder(0, 2).data(0, bare).build();
        assertRejected(head(List.of(key)).build(), "without a NUL");
        Struct value = new StructBuilder(0, 2).data(1, bare).build();
        assertRejected(head(List.of(value)).build(), "without a NUL");
    }

    @Test
    void rejectsFieldsOfAnotherKind() {
        assertRejected(new StructBuilder(1, 2).pointer(0, Struct.EMPTY).build(), "a list of bytes");
        assertRejected(
                new StructBuilder(1, 2).data(1, new byte[] {1}).build(), "a list of structs");
        assertRejected(
                new StructBuilder(1, 2).pointer(1, new Value.Capability(0)).build(),
                "a list of structs");
    }

    @Test
    void rejectsWhatIsTooLongOrTooMuch() {
        Struct pair = new StructBuilder(0, 2).build();
        assertRejected(
                head(Collections.nCopies(Metadata.MAX_PAIRS + 1, pair)).build(), "at most 1024");
        Struct key = new StructBuilder(0, 2).data(0, Metadata.bytes("k".repeat(1025))).build();
        assertRejected(head(List.of(key)).build(), "at most 1025");
        Struct value =
                new StructBuilder(0, 2).data(1, Metadata.bytes("v".repeat(64 * 1024 + 1))).build();
        assertRejected(head(List.of(value)).build(), "at most 65537");
        assertRejected(
                new StructBuilder(1, 2).data(0, Metadata.bytes("d".repeat(128 * 1024 + 1))).build(),
                "at most 131073");
        byte[] error = new ConnectResponse("e".repeat(16 * 1024 + 1), new HeaderList(0)).encode();
        assertThatThrownBy(() -> response(error)).hasMessageContaining("at most 16385");
    }

    @Test
    void rejectsAMessageThatAnnouncesTooMuchBeforeItsBytesCome() {
        ByteBuffer words = ByteBuffer.wrap(Vectors.hex("00000000 01000100"));
        assertThatThrownBy(() -> ConnectRequest.framer().next(words))
                .hasMessageContaining("at most " + 512 * 1024);
        ByteBuffer segments = ByteBuffer.wrap(Vectors.hex("40000000"));
        assertThatThrownBy(() -> ConnectRequest.framer().next(segments))
                .hasMessageContaining("at most 64");
    }
}
