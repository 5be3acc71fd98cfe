package dev.culvert.transport.http2;

import static dev.culvert.transport.http2.RawPeer.ACK;
import static dev.culvert.transport.http2.RawPeer.CONTINUATION;
import static dev.culvert.transport.http2.RawPeer.DATA;
import static dev.culvert.transport.http2.RawPeer.END_HEADERS;
import static dev.culvert.transport.http2.RawPeer.END_STREAM;
import static dev.culvert.transport.http2.RawPeer.GOAWAY;
import static dev.culvert.transport.http2.RawPeer.HEADERS;
import static dev.culvert.transport.http2.RawPeer.PING;
import static dev.culvert.transport.http2.RawPeer.PUSH_PROMISE;
import static dev.culvert.transport.http2.RawPeer.RST_STREAM;
import static dev.culvert.transport.http2.RawPeer.SETTINGS;
import static dev.culvert.transport.http2.RawPeer.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The edge's end of a tunnel, which is the HTTP/2 client, against RFC 9113: a row for each rule, what a
/// connector sends on the stream opened to it (Netty begins at 3), and what the edge makes of it (see [RawPeer#outcome]).
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class TunnelFaceTest {
    private static final String FINE = "fine";
    private static final String NO_PROTOCOL = "connection PROTOCOL_ERROR";
    private static final String BAD_SIZE = "connection FRAME_SIZE_ERROR";
    private static final String MALFORMED = "stream PROTOCOL_ERROR";

    private RawLink listening;
    private RawPeer peer;
    private Http2Link link;

    @BeforeEach
    void connect() throws Exception {
        listening = RawLink.tunnel();
        peer = listening.connect();
        peer.readPreface();
        peer.settings().frame(SETTINGS, ACK, 0).flush();
        peer.next(SETTINGS);
        Eventually.until(
                "the link is open", () -> listening.link != null && listening.link.isOpen());
        link = listening.link;
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        listening.close();
    }

    private Side open(boolean endOfBody) throws Exception {
        Side side = new Side(link.loop());
        StreamRequest request =
                new StreamRequest(
                        StreamKind.HTTP, "GET", "a.example", "/", new HeaderList(), endOfBody);
        link.loop().execute(() -> side.meet(link.open(request, side, link.loop())));
        peer.next(HEADERS);
        return side;
    }

    private static Arguments row(String name, String expected, Consumer<RawPeer> script) {
        return Arguments.argumentSet(name, expected, script);
    }

    private static String[] ok(String... more) {
        String[] fields = new String[2 + more.length];
        fields[0] = ":status";
        fields[1] = "200";
        System.arraycopy(more, 0, fields, 2, more.length);
        return fields;
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row("4.1 unknown frame", FINE, p -> p.frame(0x16, 0, 3, new byte[8])),
                row(
                        "4.2 DATA too large",
                        BAD_SIZE,
                        p -> p.headers(3, 0, ok()).frame(DATA, 0, 3, new byte[16385])),
                row(
                        "4.3 DATA inside a block",
                        NO_PROTOCOL,
                        p -> p.frame(HEADERS, 0, 3, RawPeer.block(ok())).data(3, 0, "x")),
                row(
                        "4.3 CONTINUATION of another stream",
                        NO_PROTOCOL,
                        p ->
                                p.frame(HEADERS, 0, 3, RawPeer.block(ok()))
                                        .frame(CONTINUATION, END_HEADERS, 9)),
                row("5.1 DATA on a stream never opened", NO_PROTOCOL, p -> p.data(9, 0, "x")),
                row(
                        "5.1 RST_STREAM on a stream never opened",
                        NO_PROTOCOL,
                        p -> p.number(RST_STREAM, 9, 8)),
                row(
                        "5.1 WINDOW_UPDATE on a stream never opened",
                        NO_PROTOCOL,
                        p -> p.number(WINDOW_UPDATE, 9, 8)),
                row(
                        "5.1 DATA behind END_STREAM",
                        "stream STREAM_CLOSED",
                        p -> p.headers(3, END_STREAM, ok()).data(3, 0, "x")),
                row(
                        "5.1.1 a stream opened by the connector",
                        NO_PROTOCOL,
                        p -> p.headers(2, 0, ok())),
                row(
                        "5.1.1 a request of the connector",
                        NO_PROTOCOL,
                        p -> p.headers(2, END_STREAM, ":method", "GET", ":path", "/")),
                row("6.1 DATA on stream 0", NO_PROTOCOL, p -> p.data(0, 0, "x")),
                row(
                        "6.4 RST_STREAM of three bytes",
                        BAD_SIZE,
                        p -> p.frame(RST_STREAM, 0, 3, new byte[3])),
                row(
                        "6.5 SETTINGS of five bytes",
                        BAD_SIZE,
                        p -> p.frame(SETTINGS, 0, 0, new byte[5])),
                row("6.5.2 MAX_FRAME_SIZE 16383", NO_PROTOCOL, p -> p.settings(5, 16383)),
                row("6.5.2 ENABLE_PUSH 1 by a server", NO_PROTOCOL, p -> p.settings(2, 1)),
                row(
                        "6.5.2 INITIAL_WINDOW_SIZE 2^31",
                        "connection FLOW_CONTROL_ERROR",
                        p -> p.settings(4, 1 << 31)),
                row(
                        "6.6 PUSH_PROMISE that was declined",
                        NO_PROTOCOL,
                        p ->
                                p.frame(
                                        PUSH_PROMISE,
                                        END_HEADERS,
                                        3,
                                        new byte[] {0, 0, 0, 2, (byte) 0x82})),
                row("6.7 PING of seven bytes", BAD_SIZE, p -> p.frame(PING, 0, 0, new byte[7])),
                row("6.8 GOAWAY on a stream", NO_PROTOCOL, p -> p.frame(GOAWAY, 0, 1, new byte[8])),
                row(
                        "6.9 WINDOW_UPDATE 0 on the stream",
                        MALFORMED,
                        p -> p.number(WINDOW_UPDATE, 3, 0)),
                row("6.9 WINDOW_UPDATE 0", NO_PROTOCOL, p -> p.number(WINDOW_UPDATE, 0, 0)),
                row(
                        "6.9.1 window beyond 2^31-1",
                        "connection FLOW_CONTROL_ERROR",
                        p -> p.number(WINDOW_UPDATE, 0, Integer.MAX_VALUE)),
                row(
                        "8.1 interim answer with END_STREAM",
                        MALFORMED,
                        p -> p.headers(3, END_STREAM, ":status", "103")),
                row("8.1 DATA before HEADERS", "stream INTERNAL_ERROR", p -> p.data(3, 0, "x")),
                row(
                        "8.1 DATA behind an interim answer",
                        "stream INTERNAL_ERROR",
                        p -> p.headers(3, 0, ":status", "100").data(3, 0, "x")),
                row(
                        "8.1 trailers without END_STREAM",
                        MALFORMED,
                        p -> p.headers(3, 0, ok()).headers(3, 0, "x-a", "1")),
                row(
                        "8.1 pseudo header in trailers",
                        MALFORMED,
                        p -> p.headers(3, 0, ok()).headers(3, END_STREAM, ":status", "200")),
                row("8.1.1 101 in HTTP/2", MALFORMED, p -> p.headers(3, 0, ":status", "101")),
                row(
                        "8.1.1 content-length above DATA",
                        MALFORMED,
                        p -> p.headers(3, 0, ok("content-length", "3")).data(3, END_STREAM, "ab")),
                row(
                        "8.1.1 content-length below DATA",
                        MALFORMED,
                        p -> p.headers(3, 0, ok("content-length", "1")).data(3, END_STREAM, "ab")),
                row(
                        "8.1.1 content-length of an answer to HEAD or a 304",
                        FINE,
                        p -> p.headers(3, END_STREAM, ok("content-length", "3"))),
                row("8.2.1 upper case", MALFORMED, p -> p.headers(3, 0, ok("X-A", "1"))),
                row(
                        "8.2.1 LF in a trailer",
                        MALFORMED,
                        p -> p.headers(3, 0, ok()).headers(3, END_STREAM, "x-a", "1\n2")),
                row(
                        "8.2.1 LF in an interim answer",
                        MALFORMED,
                        p -> p.headers(3, 0, ":status", "103", "x-a", "1\n2")),
                row(
                        "8.2.2 transfer-encoding",
                        MALFORMED,
                        p -> p.headers(3, 0, ok("transfer-encoding", "chunked"))),
                row("8.3.2 no :status", MALFORMED, p -> p.headers(3, 0, "x-a", "1")),
                row(
                        "8.3.2 :status of two digits",
                        MALFORMED,
                        p -> p.headers(3, 0, ":status", "20")),
                row("8.3.2 :status of letters", MALFORMED, p -> p.headers(3, 0, ":status", "2x0")),
                row("8.3.2 :status twice", MALFORMED, p -> p.headers(3, 0, ok(":status", "204"))),
                row(
                        "8.3.2 a request's pseudo header",
                        MALFORMED,
                        p -> p.headers(3, 0, ok(":path", "/"))),
                row(
                        "4.3 block that is none",
                        "connection COMPRESSION_ERROR",
                        p -> p.frame(HEADERS, END_HEADERS, 3, (byte) 0x80)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void doesAsTheRfcSays(String expected, Consumer<RawPeer> script) throws Exception {
        open(false);
        script.accept(peer);
        assertThat(peer.outcome()).isEqualTo(expected);
    }

    @Test
    void relaysInterimAnswersAndTheFinalOneBehindThem() throws Exception {
        Side user = open(true);
        peer.headers(3, 0, ":status", "100")
                .headers(3, 0, ":status", "103", "link", "</a>; rel=preload")
                .headers(3, END_STREAM, ok())
                .flush();
        assertThat(user.awaitResponse().status()).isEqualTo(200);
        assertThat(user.interim()).extracting(r -> r.status()).containsExactly(100, 103);
        assertThat(user.interim().getLast().headers())
                .isEqualTo(HeaderList.of("link", "</a>; rel=preload"));
        assertThat(user.breaches()).isEmpty();
    }

    @Test
    void interimAnswersWithoutEndAreDroppedBeyondALimit() throws Exception {
        Side user = open(true);
        for (int i = 0; i < 10 * Http2StreamSide.MAX_INTERIM; i++) {
            peer.headers(3, 0, ":status", "102");
        }
        peer.headers(3, END_STREAM, ok()).flush();
        assertThat(user.awaitResponse().status()).isEqualTo(200);
        assertThat(user.interim()).hasSize(Http2StreamSide.MAX_INTERIM);
    }

    @Test
    void aGoAwayRefusesTheStreamsBehindItAndLetsTheOthersFinish() throws Exception {
        Side first = open(true);
        Side second = open(true);
        peer.frame(GOAWAY, 0, 0, new byte[] {0, 0, 0, 3, 0, 0, 0, 0}).flush();
        assertThat(second.awaitFault().kind()).isEqualTo(StreamFault.Kind.REFUSED);
        assertThat(link.isOpen()).isFalse();
        peer.headers(3, END_STREAM, ok()).flush();
        assertThat(first.awaitResponse().status()).isEqualTo(200);
        assertThat(first.faults()).isEmpty();
    }

    @Test
    void anyNumberOfResetsIsInOrder() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Side user = open(false);
            peer.number(RST_STREAM, 3 + 2 * i, 8).flush();
            user.awaitFault();
        }
        assertThat(peer.outcome()).isEqualTo(FINE);
    }
}
