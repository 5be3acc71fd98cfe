package dev.culvert.transport.http2;

import static dev.culvert.transport.http2.RawPeer.ACK;
import static dev.culvert.transport.http2.RawPeer.CONTINUATION;
import static dev.culvert.transport.http2.RawPeer.DATA;
import static dev.culvert.transport.http2.RawPeer.END_HEADERS;
import static dev.culvert.transport.http2.RawPeer.END_STREAM;
import static dev.culvert.transport.http2.RawPeer.GOAWAY;
import static dev.culvert.transport.http2.RawPeer.HEADERS;
import static dev.culvert.transport.http2.RawPeer.PADDED;
import static dev.culvert.transport.http2.RawPeer.PING;
import static dev.culvert.transport.http2.RawPeer.PRIORITY;
import static dev.culvert.transport.http2.RawPeer.PUSH_PROMISE;
import static dev.culvert.transport.http2.RawPeer.RST_STREAM;
import static dev.culvert.transport.http2.RawPeer.SETTINGS;
import static dev.culvert.transport.http2.RawPeer.WINDOW_UPDATE;
import static dev.culvert.transport.http2.RawPeer.WITH_PRIORITY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.transport.testing.NoLeaks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The public face against RFC 9113 and RFC 7541, a row for each rule: what a client sends, and what the
/// edge makes of it (see [RawPeer#outcome]). Cases as h2spec has them, numbered by the RFC's sections.
///
/// Four answers are Netty's and not the RFC's letter, none of them milder than harmless: `HEADERS` that
/// depend on themselves cost the connection instead of the stream; SETTINGS that lift a stream's window
/// too far, and HEADERS below a stream already opened, cost the stream instead of the connection; HEADERS
/// on a half-closed stream end it with PROTOCOL_ERROR instead of STREAM_CLOSED.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class PublicFaceTest {
    private static final String FINE = "fine";
    private static final String NO_PROTOCOL = "connection PROTOCOL_ERROR";
    private static final String BAD_SIZE = "connection FRAME_SIZE_ERROR";
    private static final String BAD_BLOCK = "connection COMPRESSION_ERROR";
    private static final String BAD_WINDOW = "connection FLOW_CONTROL_ERROR";
    private static final String MALFORMED = "stream PROTOCOL_ERROR";
    private static final String CLOSED_STREAM = "stream STREAM_CLOSED";

    private static RawLink listening;

    @BeforeAll
    static void listen() throws Exception {
        listening = RawLink.open();
    }

    @AfterAll
    static void stop() {
        listening.close();
    }

    private static String[] get(String... more) {
        return with(
                new String[] {
                    ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.example"
                },
                more);
    }

    private static String[] post(String... more) {
        String[] fields = get(more);
        fields[1] = "POST";
        return fields;
    }

    private static String[] with(String[] fields, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(fields));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private static Arguments row(String name, String expected, Consumer<RawPeer> script) {
        return Arguments.argumentSet(name, expected, script);
    }

    private static byte[] zeros(int size) {
        return new byte[size];
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                row("4.1 unknown frame", FINE, p -> p.frame(0x16, 0, 0, zeros(8))),
                row(
                        "4.1 unknown frame on a stream",
                        FINE,
                        p -> p.headers(1, 0, post()).frame(0x16, 0xff, 1, zeros(8))),
                row("4.1 undefined flags", FINE, p -> p.frame(PING, 0x16, 0, zeros(8))),
                row("4.1 reserved bit", FINE, p -> p.frame(PING, 0, 1 << 31, zeros(8))),
                row(
                        "4.2 DATA of the largest size",
                        FINE,
                        p -> p.headers(1, 0, post()).frame(DATA, 0, 1, zeros(16384))),
                row(
                        "4.2 DATA too large",
                        BAD_SIZE,
                        p -> p.headers(1, 0, post()).frame(DATA, 0, 1, zeros(16385))),
                row(
                        "4.2 HEADERS too large",
                        BAD_SIZE,
                        p -> p.frame(HEADERS, END_HEADERS, 1, zeros(16385))),
                row("4.2 SETTINGS too large", BAD_SIZE, p -> p.frame(SETTINGS, 0, 0, zeros(16386))),
                row(
                        "4.3 block that is none",
                        BAD_BLOCK,
                        p -> p.frame(HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0x40, (byte) 1)),
                row(
                        "4.3 PRIORITY inside a block",
                        NO_PROTOCOL,
                        p -> p.frame(HEADERS, END_STREAM, 1, RawPeer.block(get())).priority(1, 0)),
                row(
                        "4.3 unknown frame inside a block",
                        NO_PROTOCOL,
                        p ->
                                p.frame(HEADERS, END_STREAM, 1, RawPeer.block(get()))
                                        .frame(0x16, 0, 0, zeros(8))),
                row(
                        "4.3 another stream's HEADERS inside a block",
                        NO_PROTOCOL,
                        p ->
                                p.frame(HEADERS, END_STREAM, 1, RawPeer.block(get()))
                                        .headers(3, END_STREAM, get())),
                row("6.1 DATA on stream 0", NO_PROTOCOL, p -> p.data(0, 0, "x")),
                row(
                        "6.1 DATA with more padding than frame",
                        NO_PROTOCOL,
                        p -> p.headers(1, 0, post()).frame(DATA, PADDED, 1, (byte) 4, (byte) 0)),
                row("6.2 HEADERS on stream 0", NO_PROTOCOL, p -> p.headers(0, END_STREAM, get())),
                row(
                        "6.2 HEADERS with more padding than frame",
                        NO_PROTOCOL,
                        p -> p.frame(HEADERS, END_HEADERS | PADDED, 1, (byte) 9, (byte) 0x82)),
                row("6.3 PRIORITY on stream 0", NO_PROTOCOL, p -> p.priority(0, 1)),
                row(
                        "6.3 PRIORITY of four bytes",
                        "stream FRAME_SIZE_ERROR",
                        p -> p.headers(1, 0, post()).frame(PRIORITY, 0, 1, zeros(4))),
                row("6.3 PRIORITY of an idle stream", FINE, p -> p.priority(7, 0)),
                row(
                        "5.3.1 PRIORITY that depends on itself",
                        MALFORMED,
                        p -> p.headers(1, 0, post()).priority(1, 1)),
                row(
                        "5.3.1 HEADERS that depend on themselves",
                        NO_PROTOCOL,
                        p ->
                                p.frame(
                                        HEADERS,
                                        END_HEADERS | END_STREAM | WITH_PRIORITY,
                                        1,
                                        join(new byte[] {0, 0, 0, 1, 16}, RawPeer.block(get())))),
                row("6.4 RST_STREAM on stream 0", NO_PROTOCOL, p -> p.number(RST_STREAM, 0, 8)),
                row(
                        "6.4 RST_STREAM of three bytes",
                        BAD_SIZE,
                        p -> p.headers(1, 0, post()).frame(RST_STREAM, 0, 1, zeros(3))),
                row(
                        "6.5 SETTINGS ACK with payload",
                        BAD_SIZE,
                        p -> p.frame(SETTINGS, ACK, 0, zeros(6))),
                row(
                        "6.5 SETTINGS on a stream",
                        NO_PROTOCOL,
                        p -> p.frame(SETTINGS, 0, 1, zeros(6))),
                row(
                        "6.5 SETTINGS of three bytes",
                        BAD_SIZE,
                        p -> p.frame(SETTINGS, 0, 0, zeros(3))),
                row("6.5.2 ENABLE_PUSH 2", NO_PROTOCOL, p -> p.settings(2, 2)),
                row("6.5.2 INITIAL_WINDOW_SIZE 2^31", BAD_WINDOW, p -> p.settings(4, 1 << 31)),
                row("6.5.2 MAX_FRAME_SIZE 16383", NO_PROTOCOL, p -> p.settings(5, 16383)),
                row("6.5.2 MAX_FRAME_SIZE 2^24", NO_PROTOCOL, p -> p.settings(5, 1 << 24)),
                row("6.5.2 unknown setting", FINE, p -> p.settings(0xff, 1)),
                row("RFC 8441 ENABLE_CONNECT_PROTOCOL 2", NO_PROTOCOL, p -> p.settings(8, 2)),
                row("6.5.3 the same setting twice", FINE, p -> p.settings(4, 100, 4, 1 << 30)),
                row(
                        "6.6 PUSH_PROMISE of a client",
                        NO_PROTOCOL,
                        p ->
                                p.headers(1, 0, post())
                                        .frame(
                                                PUSH_PROMISE,
                                                END_HEADERS,
                                                1,
                                                join(
                                                        new byte[] {0, 0, 0, 2},
                                                        RawPeer.block(get())))),
                row("6.7 PING ACK nobody asked for", FINE, p -> p.frame(PING, ACK, 0, zeros(8))),
                row("6.7 PING on a stream", NO_PROTOCOL, p -> p.frame(PING, 0, 1, zeros(8))),
                row("6.7 PING of six bytes", BAD_SIZE, p -> p.frame(PING, 0, 0, zeros(6))),
                row("6.8 GOAWAY on a stream", NO_PROTOCOL, p -> p.frame(GOAWAY, 0, 1, zeros(8))),
                row("6.8 GOAWAY", FINE, p -> p.frame(GOAWAY, 0, 0, zeros(8))),
                row("6.9 WINDOW_UPDATE 0", NO_PROTOCOL, p -> p.number(WINDOW_UPDATE, 0, 0)),
                row(
                        "6.9 WINDOW_UPDATE 0 on a stream",
                        MALFORMED,
                        p -> p.headers(1, 0, post()).number(WINDOW_UPDATE, 1, 0)),
                row(
                        "6.9 WINDOW_UPDATE of three bytes",
                        BAD_SIZE,
                        p -> p.frame(WINDOW_UPDATE, 0, 0, zeros(3))),
                row(
                        "6.9.1 window beyond 2^31-1",
                        BAD_WINDOW,
                        p ->
                                p.number(WINDOW_UPDATE, 0, Integer.MAX_VALUE)
                                        .number(WINDOW_UPDATE, 0, Integer.MAX_VALUE)),
                row(
                        "6.9.1 a stream's window beyond 2^31-1",
                        "stream FLOW_CONTROL_ERROR",
                        p ->
                                p.headers(1, 0, post())
                                        .number(WINDOW_UPDATE, 1, Integer.MAX_VALUE)
                                        .number(WINDOW_UPDATE, 1, Integer.MAX_VALUE)),
                row(
                        "6.9.2 SETTINGS lift a window beyond 2^31-1",
                        "stream FLOW_CONTROL_ERROR",
                        p ->
                                p.headers(1, 0, post())
                                        .number(WINDOW_UPDATE, 1, Integer.MAX_VALUE - 65535)
                                        .settings(4, 65536)),
                row(
                        "6.10 CONTINUATION on stream 0",
                        NO_PROTOCOL,
                        p ->
                                p.frame(HEADERS, END_STREAM, 1, RawPeer.block(get()))
                                        .frame(CONTINUATION, END_HEADERS, 0)),
                row(
                        "6.10 CONTINUATION after END_HEADERS",
                        NO_PROTOCOL,
                        p -> p.headers(1, 0, post()).frame(CONTINUATION, END_HEADERS, 1)),
                row(
                        "6.10 CONTINUATION after DATA",
                        NO_PROTOCOL,
                        p ->
                                p.headers(1, 0, post())
                                        .data(1, 0, "x")
                                        .frame(CONTINUATION, END_HEADERS, 1)),
                row(
                        "6.10 block in three parts",
                        FINE,
                        p ->
                                p.frame(HEADERS, END_STREAM, 1, RawPeer.block(get()))
                                        .frame(CONTINUATION, 0, 1, RawPeer.block("x-a", "1"))
                                        .frame(
                                                CONTINUATION,
                                                END_HEADERS,
                                                1,
                                                RawPeer.block("x-b", "2"))));
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                row("5.1 idle: DATA", NO_PROTOCOL, p -> p.data(1, END_STREAM, "x")),
                row("5.1 idle: RST_STREAM", NO_PROTOCOL, p -> p.number(RST_STREAM, 1, 8)),
                row("5.1 idle: WINDOW_UPDATE", NO_PROTOCOL, p -> p.number(WINDOW_UPDATE, 1, 100)),
                row(
                        "5.1 idle: CONTINUATION",
                        NO_PROTOCOL,
                        p -> p.frame(CONTINUATION, END_HEADERS, 1, RawPeer.block(get()))),
                row(
                        "5.1 half-closed: DATA",
                        CLOSED_STREAM,
                        p -> p.headers(1, END_STREAM, get()).data(1, END_STREAM, "x")),
                row(
                        "5.1 half-closed: HEADERS",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get()).headers(1, END_STREAM, "x-a", "1")),
                row(
                        "5.1 half-closed: WINDOW_UPDATE",
                        FINE,
                        p -> p.headers(1, END_STREAM, get()).number(WINDOW_UPDATE, 1, 100)),
                row(
                        "5.1 closed by RST_STREAM: DATA",
                        CLOSED_STREAM,
                        p ->
                                p.headers(1, 0, post())
                                        .number(RST_STREAM, 1, 8)
                                        .data(1, END_STREAM, "x")),
                row(
                        "5.1 closed by RST_STREAM: HEADERS",
                        CLOSED_STREAM,
                        p ->
                                p.headers(1, 0, post())
                                        .number(RST_STREAM, 1, 8)
                                        .headers(1, END_STREAM, "x-a", "1")),
                row(
                        "5.1 closed by RST_STREAM: WINDOW_UPDATE",
                        FINE,
                        p ->
                                p.headers(1, 0, post())
                                        .number(RST_STREAM, 1, 8)
                                        .number(WINDOW_UPDATE, 1, 100)),
                row(
                        "5.1 closed by RST_STREAM: RST_STREAM",
                        FINE,
                        p ->
                                p.headers(1, 0, post())
                                        .number(RST_STREAM, 1, 8)
                                        .number(RST_STREAM, 1, 8)),
                row("5.1.1 even stream", NO_PROTOCOL, p -> p.headers(2, END_STREAM, get())),
                row(
                        "5.1.1 stream below one that was opened",
                        CLOSED_STREAM,
                        p -> p.headers(5, END_STREAM, get()).headers(3, END_STREAM, get())),
                row(
                        "5.1.2 more streams than announced",
                        "stream REFUSED_STREAM",
                        p -> {
                            for (int i = 0; i <= LinkLimits.PUBLIC.maxStreams(); i++) {
                                p.headers(1 + 2 * i, 0, post());
                            }
                        }),
                row(
                        "8.1 trailers",
                        FINE,
                        p ->
                                p.headers(1, 0, post())
                                        .data(1, 0, "x")
                                        .headers(1, END_STREAM, "x-a", "1")),
                row(
                        "8.1 trailers without END_STREAM",
                        MALFORMED,
                        p -> p.headers(1, 0, post()).data(1, 0, "x").headers(1, 0, "x-a", "1")));
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                row("8.2.1 upper case", MALFORMED, p -> p.headers(1, END_STREAM, get("X-A", "1"))),
                row(
                        "8.2.1 space in a name",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x a", "1"))),
                row(
                        "8.2.1 colon in a name",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x-a:b", "1"))),
                row("8.2.1 empty name", MALFORMED, p -> p.headers(1, END_STREAM, get("", "1"))),
                row(
                        "8.2.1 CR LF in a name",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x\r\nhost", "1"))),
                row(
                        "8.2.1 LF in a value",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x-a", "1\nhost: b"))),
                row(
                        "8.2.1 CR in a value",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x-a", "1\r2"))),
                row(
                        "8.2.1 NUL in a value",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x-a", "1\0002"))),
                row(
                        "8.2.1 space before a value",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x-a", " 1"))),
                row(
                        "8.2.1 tab behind a value",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("x-a", "1\t"))),
                row(
                        "8.2.1 LF in a trailer",
                        MALFORMED,
                        p -> p.headers(1, 0, post()).headers(1, END_STREAM, "x-a", "1\n2")),
                row(
                        "8.2.2 connection",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("connection", "x-a"))),
                row(
                        "8.2.2 keep-alive",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("keep-alive", "1"))),
                row(
                        "8.2.2 proxy-connection",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("proxy-connection", "close"))),
                row(
                        "8.2.2 transfer-encoding",
                        MALFORMED,
                        p -> p.headers(1, 0, post("transfer-encoding", "chunked"))),
                row(
                        "8.2.2 upgrade",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("upgrade", "websocket"))),
                row("8.2.2 te: gzip", MALFORMED, p -> p.headers(1, END_STREAM, get("te", "gzip"))),
                row(
                        "8.2.2 te: trailers, deflate",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("te", "trailers, deflate"))),
                row(
                        "8.2.2 te twice",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("te", "trailers", "te", "gzip"))),
                row(
                        "8.2.2 te: trailers",
                        FINE,
                        p -> p.headers(1, END_STREAM, get("te", "trailers"))),
                row(
                        "8.3 unknown pseudo header",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, with(new String[] {":x", "1"}, get()))),
                row(
                        "8.3 a response's pseudo header",
                        MALFORMED,
                        p ->
                                p.headers(
                                        1,
                                        END_STREAM,
                                        with(new String[] {":status", "200"}, get()))),
                row(
                        "8.3 pseudo header behind a field",
                        MALFORMED,
                        p ->
                                p.headers(
                                        1,
                                        END_STREAM,
                                        ":method",
                                        "GET",
                                        ":scheme",
                                        "https",
                                        ":authority",
                                        "a",
                                        "x-a",
                                        "1",
                                        ":path",
                                        "/")),
                row(
                        "8.3 pseudo header in trailers",
                        MALFORMED,
                        p -> p.headers(1, 0, post()).headers(1, END_STREAM, ":method", "GET")),
                row("8.3.1 no :method", MALFORMED, p -> p.headers(1, END_STREAM, without(0))),
                row("8.3.1 no :scheme", MALFORMED, p -> p.headers(1, END_STREAM, without(1))),
                row("8.3.1 no :path", MALFORMED, p -> p.headers(1, END_STREAM, without(2))),
                row(
                        "8.3.1 no :authority and no host",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, without(3))),
                row(
                        "8.3.1 host for :authority",
                        FINE,
                        p -> p.headers(1, END_STREAM, with(without(3), "host", "a.example"))),
                row("8.3.1 empty :path", MALFORMED, p -> p.headers(1, END_STREAM, path(""))),
                row(
                        "8.3.1 :path without slash",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, path("a"))),
                row(
                        "8.3.1 :path with a space",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, path("/ HTTP/1.1"))),
                row(
                        "8.3.1 :path with CR LF",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, path("/ HTTP/1.1\r\nhost: b\r\n\r\n"))),
                row(
                        "8.3.1 :path with a fragment",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, path("/#a"))),
                row(
                        "8.3.1 :method with a space",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, method("GET /b HTTP/1.1\r\n"))),
                row(
                        "8.3.1 other :scheme",
                        MALFORMED,
                        p ->
                                p.headers(
                                        1,
                                        END_STREAM,
                                        ":method",
                                        "GET",
                                        ":scheme",
                                        "https://b/?",
                                        ":path",
                                        "/",
                                        ":authority",
                                        "a")),
                row(
                        "8.3.1 :method twice",
                        MALFORMED,
                        p ->
                                p.headers(
                                        1,
                                        END_STREAM,
                                        with(new String[] {":method", "GET"}, get()))),
                row(
                        "8.3.1 :path twice",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, with(new String[] {":path", "/b"}, get()))),
                row(
                        "8.3.1 :scheme twice",
                        MALFORMED,
                        p ->
                                p.headers(
                                        1,
                                        END_STREAM,
                                        with(new String[] {":scheme", "https"}, get()))),
                row(
                        "8.3.1 :authority twice",
                        MALFORMED,
                        p ->
                                p.headers(
                                        1,
                                        END_STREAM,
                                        with(new String[] {":authority", "b"}, get()))),
                row(
                        "8.3.1 host that is not :authority",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, get("host", "b.example"))),
                row(
                        "8.5 CONNECT",
                        MALFORMED,
                        p -> p.headers(1, 0, ":method", "CONNECT", ":authority", "a:22")),
                row(
                        "RFC 8441 :protocol without CONNECT",
                        MALFORMED,
                        p -> p.headers(1, 0, with(new String[] {":protocol", "websocket"}, get()))),
                row(
                        "RFC 8441 another :protocol",
                        MALFORMED,
                        p ->
                                p.headers(
                                        1,
                                        0,
                                        with(
                                                new String[] {":protocol", "h2c"},
                                                method("CONNECT")))),
                row(
                        "8.1.1 content-length above DATA",
                        MALFORMED,
                        p ->
                                p.headers(1, 0, post("content-length", "4"))
                                        .data(1, END_STREAM, "abc")),
                row(
                        "8.1.1 content-length below DATA",
                        MALFORMED,
                        p ->
                                p.headers(1, 0, post("content-length", "2"))
                                        .data(1, 0, "ab")
                                        .data(1, END_STREAM, "c")),
                row(
                        "8.1.1 content-length without DATA",
                        MALFORMED,
                        p -> p.headers(1, END_STREAM, post("content-length", "1"))),
                row(
                        "8.1.1 content-length that is none",
                        MALFORMED,
                        p ->
                                p.headers(1, 0, post("content-length", "+1"))
                                        .data(1, END_STREAM, "a")),
                row(
                        "8.1.1 two content-lengths",
                        MALFORMED,
                        p ->
                                p.headers(1, 0, post("content-length", "1", "content-length", "2"))
                                        .data(1, END_STREAM, "a")),
                row(
                        "8.1.1 content-length as DATA",
                        FINE,
                        p ->
                                p.headers(1, 0, post("content-length", "3"))
                                        .data(1, END_STREAM, "abc")));
    }

    static Stream<Arguments> compression() {
        return Stream.of(
                row("RFC 7541 2.3.3 index 0", BAD_BLOCK, p -> block(p, 0x80)),
                row("RFC 7541 2.3.3 index beyond the tables", BAD_BLOCK, p -> block(p, 0xbe)),
                row(
                        "RFC 7541 2.3.3 name index beyond the tables",
                        BAD_BLOCK,
                        p -> block(p, 0x7e, 1, 'a')),
                row("RFC 7541 4.2 table size behind a field", BAD_BLOCK, p -> block(p, 0x82, 0x20)),
                row(
                        "RFC 7541 6.3 table larger than allowed",
                        BAD_BLOCK,
                        p -> block(p, 0x3f, 0xe2, 0x1f, 0x82)),
                row(
                        "RFC 7541 5.1 integer without end",
                        BAD_BLOCK,
                        p ->
                                block(
                                        p, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xff, 0x7f)),
                row(
                        "RFC 7541 5.2 EOS in a string",
                        BAD_BLOCK,
                        p -> block(p, 0, 1, 'a', 0x84, 0xff, 0xff, 0xff, 0xff)),
                row(
                        "RFC 7541 5.2 padding of eight bits",
                        BAD_BLOCK,
                        p -> block(p, 0, 1, 'a', 0x82, 0x1f, 0xff)),
                row(
                        "RFC 7541 5.2 padding of zeros",
                        BAD_BLOCK,
                        p -> block(p, 0, 1, 'a', 0x81, 0x18)));
    }

    private static void block(RawPeer peer, int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        peer.frame(HEADERS, END_HEADERS | END_STREAM, 1, raw);
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    private static String[] without(int part) {
        List<String> fields = new ArrayList<>(Arrays.asList(get()));
        fields.subList(2 * part, 2 * part + 2).clear();
        return fields.toArray(String[]::new);
    }

    private static String[] path(String path) {
        String[] fields = get();
        fields[5] = path;
        return fields;
    }

    private static String[] method(String method) {
        String[] fields = get();
        fields[1] = method;
        return fields;
    }

    @ParameterizedTest
    @MethodSource({"frames", "streams", "heads", "compression"})
    void doesAsTheRfcSays(String expected, Consumer<RawPeer> script) throws Exception {
        try (RawPeer peer = listening.connect()) {
            script.accept(peer.preface());
            assertThat(peer.outcome()).isEqualTo(expected);
        }
    }

    @Test
    void dataBeyondTheWindowCostsTheStream() throws Exception {
        listening.target.stopReading();
        try (RawPeer peer = listening.connect()) {
            peer.preface().flush();
            peer.next(SETTINGS);
            peer.frame(SETTINGS, ACK, 0).headers(1, 0, post());
            for (int sent = 0; sent <= LinkLimits.PUBLIC.streamWindowBytes(); sent += 16384) {
                peer.frame(DATA, 0, 1, zeros(16384));
            }
            assertThat(peer.outcome()).isEqualTo("stream FLOW_CONTROL_ERROR");
        } finally {
            listening.target.startReading();
        }
    }

    @Test
    void aPrefaceThatIsNoneClosesTheConnection() throws Exception {
        try (RawPeer peer = listening.connect()) {
            peer.bytes("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n".getBytes(US_ASCII));
            assertThat(peer.outcome()).isEqualTo("connection PROTOCOL_ERROR");
        }
    }

    @Test
    void aPrefaceWithoutSettingsClosesTheConnection() throws Exception {
        try (RawPeer peer = listening.connect()) {
            peer.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            assertThat(peer.headers(1, END_STREAM, get()).outcome())
                    .isEqualTo("connection PROTOCOL_ERROR");
        }
    }
}
