package dev.culvert.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a request begins and ends, in bytes: everything two parsers may read differently is refused, and
/// the connection closed, before a stream is opened (RFC 9112, section 11.2).
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class RequestFramingTest {
    private static final String END = "\r\n\r\n";

    /// Behind what is refused; must not be answered.
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a" + END;

    private static RawClient client;

    @BeforeAll
    static void listen() throws Exception {
        client =
                new RawClient(
                        new Http1Limits(
                                1024, 4096, 32, Duration.ofSeconds(20), Duration.ofSeconds(20)));
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client.connect();
    }

    private static Arguments row(String name, String status, String request) {
        return Arguments.argumentSet(name, status, request);
    }

    private static Arguments post(String name, String status, String fields) {
        return row(name, status, "POST / HTTP/1.1\r\nHost: a\r\n" + fields + END + "abcde");
    }

    private static Arguments get(String name, String fields) {
        return row(name, "400", "GET / HTTP/1.1\r\nHost: a\r\n" + fields + END);
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                post("both lengths", "400", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
                post(
                        "both lengths turned",
                        "400",
                        "Transfer-Encoding: chunked\r\nContent-Length: 5"),
                post("two lengths", "400", "Content-Length: 5\r\nContent-Length: 6"),
                post("the same length twice", "400", "Content-Length: 5\r\nContent-Length: 5"),
                row(
                        "two lengths in HTTP/1.0",
                        "400",
                        "POST / HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 6"
                                + END
                                + "abcde"),
                post("a list of lengths", "400", "Content-Length: 5,5"),
                post("a list of lengths with a space", "400", "Content-Length: 5, 6"),
                post("a signed length", "400", "Content-Length: +5"),
                post("a negative length", "400", "Content-Length: -5"),
                post("a hexadecimal length", "400", "Content-Length: 0x5"),
                post("a length with a space in it", "400", "Content-Length: 5 5"),
                post("a length with a fraction", "400", "Content-Length: 5.0"),
                post("an empty length", "400", "Content-Length:"),
                post("a length beyond all", "400", "Content-Length: 99999999999999999999"),
                post("another coding", "400", "Transfer-Encoding: identity"),
                post("a coding that sounds alike", "400", "Transfer-Encoding: xchunked"),
                post("a coding behind chunked", "400", "Transfer-Encoding: chunked, identity"),
                post("a coding before chunked", "501", "Transfer-Encoding: gzip, chunked"),
                post("identity before chunked", "501", "Transfer-Encoding: identity, chunked"),
                post("chunked twice", "400", "Transfer-Encoding: chunked, chunked"),
                post(
                        "two fields of chunked",
                        "400",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
                post(
                        "chunked and another field",
                        "400",
                        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x"),
                post("chunked in quotes", "400", "Transfer-Encoding: \"chunked\""),
                post("chunked with a parameter", "400", "Transfer-Encoding: chunked;a=b"),
                post("an empty coding", "400", "Transfer-Encoding:"),
                post("chunked behind a vertical tab", "400", "Transfer-Encoding: \u000bchunked"),
                post("chunked in a folded line", "400", "Transfer-Encoding:\r\n chunked"),
                row(
                        "a coding in HTTP/1.0",
                        "400",
                        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked" + END + "0" + END),
                get(
                        "the eight bytes of a WebSocket draft",
                        "Sec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b"),
                row(
                        "an upgrade with a body",
                        "400",
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                                + "Content-Length: 5"
                                + END
                                + "abcde"));
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                get("a folded line", "X-A: 1\r\n 2"),
                get("a line folded by a tab", "X-A: 1\r\n\tX-B: 2"),
                row("a folded first line", "400", "GET / HTTP/1.1\r\n Host: a" + END),
                get("bare LF", "X-A: 1\nX-B: 2"),
                row("bare LF behind the request line", "400", "GET / HTTP/1.1\nHost: a" + END),
                row("bare LF at the end", "400", "GET / HTTP/1.1\r\nHost: a\n\n"),
                get("bare CR", "X-A: 1\rX-B: 2"),
                get("CR CR LF", "X-A: 1\r\r\nX-B: 2"),
                get("NUL in a value", "X-A: 1\0002"),
                get("a control character in a value", "X-A: 1\0012"),
                get("DEL in a value", "X-A: 1\u007f2"),
                get("NUL in a name", "X-\000A: 1"),
                get("space before the colon", "X-A : 1"),
                get("tab before the colon", "X-A\t: 1"),
                get("space in a name", "X A: 1"),
                get("no name", ": 1"),
                get("no colon", "X-A"),
                get("a name that is no token", "X(A): 1"),
                get("a name beyond ASCII", "X-\u00c4: 1"),
                row("two hosts", "400", "GET / HTTP/1.1\r\nHost: a\r\nHost: a" + END),
                row("space before the colon of Host", "400", "GET / HTTP/1.1\r\nHost : a" + END));
    }

    private static Arguments line(String name, String status, String line) {
        return row(name, status, line + "\r\nHost: a" + END);
    }

    static Stream<Arguments> requestLines() {
        return Stream.of(
                line("two spaces", "400", "GET  / HTTP/1.1"),
                line("a tab", "400", "GET\t/ HTTP/1.1"),
                line("a bare CR", "400", "GET /\rHTTP/1.1"),
                line("a form feed", "400", "GET /\fHTTP/1.1"),
                line("a space before it", "400", " GET / HTTP/1.1"),
                line("a space behind it", "400", "GET / HTTP/1.1 "),
                line("a space in the address", "400", "GET /a b HTTP/1.1"),
                line("NUL in the address", "400", "GET /a\000b HTTP/1.1"),
                line("DEL in the address", "400", "GET /a\u007fb HTTP/1.1"),
                line("a fragment", "400", "GET /a#b HTTP/1.1"),
                line("no version", "400", "GET /"),
                line("lower case version", "400", "GET / http/1.1"),
                line("version 1.1 of more", "400", "GET / HTTP/1.10"),
                line("version 2.0", "505", "GET / HTTP/2.0"),
                line("version 0.9", "505", "GET / HTTP/0.9"),
                line("a method that is no token", "400", "GE(T / HTTP/1.1"),
                line("CONNECT", "400", "CONNECT a:22 HTTP/1.1"),
                line("an address elsewhere", "400", "GET http://b/x HTTP/1.1"),
                line("an address elsewhere by port", "400", "GET http://a:81/x HTTP/1.1"),
                line("an address with a user name", "400", "GET http://u@a/x HTTP/1.1"),
                line("an address of another scheme", "400", "GET ftp://a/x HTTP/1.1"),
                line("an address without path but query", "400", "GET http://a?x HTTP/1.1"),
                line("the preface of HTTP/2", "505", "PRI * HTTP/2.0"));
    }

    @ParameterizedTest
    @MethodSource({"lengths", "lines", "requestLines"})
    void refuses(String status, String request) throws Exception {
        String answer = client.write(request + NEXT).readToEnd();
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsOnlyOnce("content-length: ");
        assertThat(client.target.waiting()).isZero();
    }

    @ParameterizedTest
    @MethodSource({"lines", "requestLines"})
    void refusesByteByByteToo(String status, String request) throws Exception {
        client.socket.setTcpNoDelay(true);
        try {
            for (int i = 0; i < request.length(); i++) {
                client.write(request.substring(i, i + 1));
            }
        } catch (java.net.SocketException e) {
            // Refused before its end.
        }
        assertThat(client.readToEnd()).startsWith("HTTP/1.1 " + status + " ");
        assertThat(client.target.waiting()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x" + "\r\nabc\r\n0",
                "0x3\r\nabc\r\n0",
                "+3\r\nabc\r\n0",
                "-3\r\nabc\r\n0",
                " 3\r\nabc\r\n0",
                "3 \r\nabc\r\n0",
                "3 3\r\nabc\r\n0",
                "\r\nabc\r\n0",
                ";a\r\nabc\r\n0",
                "100000000\r\nabc\r\n0",
                "80000000\r\nabc\r\n0",
                "3\nabc\r\n0",
                "3\rabc\r\n0",
                "3\r\nabcd\r\n0",
                "3\r\nabc\n0",
                "3\r\nabc0",
                "3;a=\"\n\"\r\nabc\r\n0",
                "3;a\rb\r\nabc\r\n0",
                "3\r\nabc\r\n0\r\nX-A : 1",
                "3\r\nabc\r\n0\r\nX-A: 1\0002",
                "3\r\nabc\r\n0\r\nX-A: 1\nX-B: 2",
                "3\r\nabc\r\n0\r\nX A: 1"
            })
    void aBodyWhoseChunksAreBrokenDoesNotEnd(String chunks) throws Exception {
        client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked" + END);
        client.write(chunks + END + NEXT);
        Side served = client.target.next();
        assertThat(client.readToEnd())
                .startsWith("HTTP/1.1 400 ")
                .containsOnlyOnce("content-length: ");
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
        assertThat(served.ended()).isFalse();
        assertThat(client.target.waiting()).isZero();
    }

    @Test
    void anExtensionOfAChunkBeyondTheLimitIsRefused() throws Exception {
        client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked" + END);
        client.write("3;a=" + "x".repeat(2000) + "\r\nabc\r\n0" + END);
        assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ");
        assertThat(client.target.next().ended()).isFalse();
    }

    @Test
    void extensionsAreDroppedAndTrailersKept() throws Exception {
        client.write(
                "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: CHUNKED"
                        + END
                        + "3;a=b;c=\"d;e\"\r\nabc\r\n0;x\r\nX-Sum: 1\r\nContent-Length: 9"
                        + "\r\nTransfer-Encoding: x\r\nX-Sum: 2"
                        + END);
        Side served = client.target.next();
        served.awaitEnd();
        assertThat(served.text()).isEqualTo("abc");
        assertThat(served.trailers()).isEqualTo(HeaderList.of("X-Sum", "1", "X-Sum", "2"));
        served.respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
    }

    @Test
    void anAddressInFullIsTakenWhenItAgreesWithHost() throws Exception {
        client.write("GET HTTP://A.example/x?y HTTP/1.1\r\nHost: a.EXAMPLE" + END);
        Side served = client.target.next();
        assertThat(served.request().authority()).isEqualTo("a.example");
        assertThat(served.request().path()).isEqualTo("/x?y");
        served.respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
    }

    @Test
    void emptyLinesBeforeARequestAreSkipped() throws Exception {
        client.write("\r\n\r\n" + NEXT.replace("/smuggled", "/\u00e4%20"));
        Side served = client.target.next();
        assertThat(served.request().path()).isEqualTo("/\u00e4%20");
        served.respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
    }

    @Test
    void moreFieldsThanTheLimitAre431() throws Exception {
        assertThat(
                        client.write(
                                        "GET / HTTP/1.1\r\nHost: a\r\n"
                                                + "X: 1\r\n".repeat(32)
                                                + "\r\n")
                                .readToEnd())
                .startsWith("HTTP/1.1 431 ")
                .contains("32");
    }

    @Test
    void whatABodyHoldsIsNotARequest() throws Exception {
        client.write(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                        + NEXT.length()
                        + END
                        + NEXT
                        + NEXT);
        Side served = client.target.next();
        served.awaitEnd();
        assertThat(served.text()).isEqualTo(NEXT);
        assertThat(client.target.waiting()).isZero();
        served.respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
        client.target.next().respond(204, new HeaderList(), true);
        assertThat(client.readHead()).startsWith("HTTP/1.1 204");
    }
}
