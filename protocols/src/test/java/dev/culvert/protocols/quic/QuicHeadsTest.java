package dev.culvert.protocols.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.ResponseMeta;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuicHeadsTest {
    private static final StreamRequest GET =
            request(StreamKind.HTTP, "GET", HeaderList.of("Accept", "*/*"), true);

    private static StreamRequest request(
            StreamKind kind, String method, HeaderList headers, boolean end) {
        return new StreamRequest(kind, method, "app.example:8443", "/a%20b?q=%2F", headers, end);
    }

    private static StreamRequest there(StreamRequest request) throws ProtocolException {
        return QuicHeads.decode(QuicHeads.encode(request));
    }

    private static StreamResponse back(StreamRequest request, StreamResponse response)
            throws ProtocolException {
        return QuicHeads.decode(request, QuicHeads.encode(request, response));
    }

    private static ConnectRequest http(String dest, String... metadata) {
        return new ConnectRequest(ConnectRequest.Type.HTTP, dest, HeaderList.of(metadata));
    }

    private static byte[] message(String vector) {
        byte[] stream = Vectors.bytes("quic-streams/" + vector + ".bin");
        return Arrays.copyOfRange(stream, Preamble.DATA.length(), stream.length);
    }

    private static ConnectResponse recorded(String vector) throws ProtocolException {
        return ConnectResponse.decode(
                ConnectResponse.framer().next(ByteBuffer.wrap(message(vector))));
    }

    // ---- recorded

    @Test
    void readsTheRecordedRequest() throws ProtocolException {
        ConnectRequest head =
                ConnectRequest.decode(
                        ConnectRequest.framer().next(ByteBuffer.wrap(message("http-request-e2c"))));
        StreamRequest request = QuicHeads.decode(head);
        assertThat(request)
                .isEqualTo(
                        new StreamRequest(
                                StreamKind.HTTP,
                                "GET",
                                "127.0.0.1:8080",
                                "/multi",
                                HeaderList.of("User-Agent", "curl/7.88.1", "Accept", "*/*"),
                                true));
        assertThat(QuicHeads.encode(request)).isEqualTo(head);
    }

    @Test
    void readsTheRecordedAnswers() throws ProtocolException {
        StreamResponse answer = QuicHeads.decode(GET, recorded("http-response-head-c2e"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.failure()).isNull();
        assertThat(answer.headers().all("set-cookie")).containsExactly("a=1", "b=2; Path=/");
        assertThat(answer.headers().contains("HttpStatus")).isFalse();
        StreamResponse failed = QuicHeads.decode(GET, recorded("http-error-response-c2e"));
        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.failure().code()).isEqualTo(OriginFailure.Code.UNREACHABLE);
        assertThat(failed.failure().detail()).endsWith("connection refused");
    }

    // ---- requests

    @Test
    void carriesRequestsWithDuplicatesEmptyValuesAndBytes() throws ProtocolException {
        StreamRequest request =
                request(
                        StreamKind.HTTP,
                        "DELETE",
                        HeaderList.of("x-b", "2", "x-a", "", "x-b", "1", "x-bytes", "\u00e4\u00ff"),
                        true);
        assertThat(there(request)).isEqualTo(request);
        assertThat(QuicHeads.encode(request).dest())
                .isEqualTo("https://app.example:8443/a%20b?q=%2F");
    }

    @Test
    void aBodyOfUnknownLengthIsChunkedForCloudflared() throws ProtocolException {
        StreamRequest request = request(StreamKind.HTTP, "POST", new HeaderList(), false);
        ConnectRequest head = QuicHeads.encode(request);
        assertThat(head.metadata().all("HttpHeader:Transfer-Encoding")).containsExactly("chunked");
        assertThat(QuicHeads.decode(head)).isEqualTo(request);
    }

    @Test
    void aBodyOfKnownLengthIsNot() throws ProtocolException {
        StreamRequest request =
                request(StreamKind.HTTP, "POST", HeaderList.of("Content-Length", "5"), false);
        assertThat(QuicHeads.encode(request).metadata().contains("HttpHeader:Transfer-Encoding"))
                .isFalse();
        assertThat(there(request)).isEqualTo(request);
    }

    @Test
    void hasABodyOnlyIfItSaysSo() throws ProtocolException {
        assertThat(QuicHeads.decode(http("https://h/")).endOfBody()).isTrue();
        assertThat(QuicHeads.decode(http("https://h/", "HttpHeader:Content-Length", "0")))
                .extracting(StreamRequest::endOfBody)
                .isEqualTo(true);
        for (String coding : new String[] {"chunked", "gzip, Chunked"}) {
            StreamRequest request =
                    QuicHeads.decode(http("https://h/", "HttpHeader:Transfer-Encoding", coding));
            assertThat(request.endOfBody()).isFalse();
            assertThat(request.headers().isEmpty()).isTrue();
        }
        assertThat(QuicHeads.decode(http("https://h/", "HttpHeader:Transfer-Encoding", "gzip")))
                .extracting(StreamRequest::endOfBody)
                .isEqualTo(true);
    }

    @Test
    void carriesWebSocketsWhichAlwaysHaveBytes() throws ProtocolException {
        StreamRequest request =
                request(
                        StreamKind.WEBSOCKET,
                        "GET",
                        HeaderList.of("sec-websocket-key", "x3JJHMbDL1EzLkh9GBhXDw=="),
                        false);
        assertThat(QuicHeads.encode(request).type()).isEqualTo(ConnectRequest.Type.WEBSOCKET);
        assertThat(there(request)).isEqualTo(request);
        assertThat(QuicHeads.encode(request).metadata().contains("HttpHeader:Transfer-Encoding"))
                .isFalse();
    }

    @Test
    void carriesTcpByItsDestinationAlone() throws ProtocolException {
        StreamRequest request =
                new StreamRequest(
                        StreamKind.TCP, "GET", "[fd00::1]:22", "/", HeaderList.of("x", "y"), false);
        assertThat(QuicHeads.encode(request))
                .isEqualTo(
                        new ConnectRequest(
                                ConnectRequest.Type.TCP, "[fd00::1]:22", new HeaderList(0)));
        assertThat(there(request).authority()).isEqualTo("[fd00::1]:22");
        assertThat(there(request).endOfBody()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTROL", "CONFIGURATION"})
    void writesNoHeadForStreamsThatHaveNone(StreamKind kind) {
        assertThatThrownBy(() -> QuicHeads.encode(request(kind, "GET", new HeaderList(), true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesMethodAndHostFromElsewhereWhenTheyAreMissing() throws ProtocolException {
        StreamRequest request = QuicHeads.decode(http("https://App.Example:1/x"));
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.authority()).isEqualTo("app.example:1");
        assertThat(QuicHeads.decode(http("https://other/x", "HttpHost", "App.Example")))
                .extracting(StreamRequest::authority)
                .isEqualTo("app.example");
    }

    @Test
    void takesThePathAsItIs() throws ProtocolException {
        assertThat(QuicHeads.decode(http("https://h")).path()).isEqualTo("/");
        assertThat(QuicHeads.decode(http("https://h?q")).path()).isEqualTo("/?q");
        assertThat(QuicHeads.decode(http("https://h//a/../b%2f?")).path())
                .isEqualTo("//a/../b%2f?");
        assertThat(QuicHeads.decode(http("/a")).path()).isEqualTo("/a");
        assertThat(QuicHeads.decode(http("https://h/\u00e4")).path()).isEqualTo("/\u00e4");
    }

    @Test
    void dropsTheHeadersThatWouldSayInHttp2WhatAStreamIsFor() throws ProtocolException {
        HeaderList internal =
                HeaderList.of(
                        "Cf-Cloudflared-Proxy-Connection-Upgrade", "websocket",
                        "cf-cloudflared-proxy-src", "10.0.0.1",
                        "x", "y");
        assertThat(
                        QuicHeads.encode(request(StreamKind.HTTP, "GET", internal, true))
                                .metadata()
                                .size())
                .isEqualTo(3);
        StreamRequest request =
                QuicHeads.decode(
                        http(
                                "https://h/",
                                "HttpHeader:CF-Cloudflared-Proxy-Connection-Upgrade",
                                "update-configuration",
                                "HttpHeader:X",
                                "y"));
        assertThat(request.headers()).isEqualTo(HeaderList.of("x", "y"));
    }

    @Test
    void ignoresKeysItDoesNotKnow() throws ProtocolException {
        StreamRequest request =
                QuicHeads.decode(http("https://h/", "FlowID", "1", "", "", "HttpHeade:a", "b"));
        assertThat(request.headers().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "GE T", "GET\r\n", "G\u00c4T", "GET:"})
    void rejectsMethodsThatAreNoTokens(String method) {
        assertRejected(http("https://h/", "HttpMethod", method), "HttpMethod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:b", "a\r\nb", ":path", "\u00e4"})
    void rejectsHeaderNamesThatAreNoTokens(String name) {
        assertRejected(http("https://h/", "HttpHeader:" + name, "v"), "header name");
        assertThatThrownBy(() ->
                        QuicHeads.decode(
                                GET,
                                new ConnectResponse(
                                        "",
                                        HeaderList.of(
                                                "HttpStatus", "200", "HttpHeader:" + name, "v"))))
                .hasMessageContaining("header name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "\0", "a\r\nX-Evil: 1"})
    void rejectsHeaderValuesOfMoreThanOneLine(String value) {
        assertRejected(http("https://h/", "HttpHeader:A", value), "one line");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://h/a b",
                "https://h/a\tb",
                "https://h/\r\n",
                "https://h/a\0",
                "https://h/\u007f"
            })
    void rejectsPathsWithSpacesOrControls(String dest) {
        assertRejected(http(dest, "HttpHost", "h"), "no control characters or spaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\r\nX-Evil: 1", "a\0", "user@h", "h/x", "h?x", "h#x", "h\\x"})
    void rejectsHostsThatWouldReadAsMore(String host) {
        assertRejected(http("https://h/", "HttpHost", host), "a host and port");
        assertRejected(
                new ConnectRequest(ConnectRequest.Type.TCP, host, new HeaderList(0)),
                "a host and port");
    }

    @Test
    void rejectsASpaceInTheHostOfADestination() {
        assertRejected(http("https://a b/"), "a host and port");
        assertRejected(http("https://user@h/"), "a host and port");
    }

    private static void assertRejected(ConnectRequest request, String text) {
        assertThatThrownBy(() -> QuicHeads.decode(request))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(text);
    }

    // ---- answers

    @ParameterizedTest
    @ValueSource(ints = {100, 103, 199, 200, 204, 304, 404, 599, 999})
    void carriesEachStatusWithItsHeaders(int status) throws ProtocolException {
        StreamResponse response =
                StreamResponse.of(
                        status,
                        HeaderList.of("Set-Cookie", "b=1", "X", "", "Set-Cookie", "\u00e9"));
        assertThat(back(GET, response)).isEqualTo(response);
    }

    @Test
    void saysToCloudflaredsEdgeThatAnUpgradeIsOne() throws ProtocolException {
        StreamResponse answer = back(GET, StreamResponse.of(101, HeaderList.of("X", "y")));
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.headers().all("upgrade")).containsExactly("websocket");
        assertThat(answer.headers().all("connection")).containsExactly("Upgrade");
        assertThat(answer.headers().all("x")).containsExactly("y");
    }

    @Test
    void tcpHasNeitherStatusNorHeaders() throws ProtocolException {
        StreamRequest tcp =
                new StreamRequest(
                        StreamKind.TCP, "GET", "10.0.0.1:22", "/", new HeaderList(), false);
        ConnectResponse head =
                QuicHeads.encode(tcp, StreamResponse.of(200, HeaderList.of("a", "b")));
        assertThat(head).isEqualTo(new ConnectResponse("", new HeaderList(0)));
        assertThat(QuicHeads.decode(tcp, head)).isEqualTo(StreamResponse.of(200, new HeaderList()));
    }

    @ParameterizedTest
    @EnumSource
    void carriesWhyThereIsNoAnswerAsACode(OriginFailure.Code code) throws ProtocolException {
        OriginFailure failure = new OriginFailure(code, "the reason");
        ConnectResponse head = QuicHeads.encode(GET, StreamResponse.failed(failure));
        assertThat(head.error()).isEqualTo("the reason");
        assertThat(head.metadata().contains("HttpStatus")).isFalse();
        assertThat("true".equals(head.metadata().first("FlowConnectRateLimited")))
                .isEqualTo(code == OriginFailure.Code.OVERLOADED);
        assertThat(QuicHeads.decode(GET, head)).isEqualTo(StreamResponse.failed(failure));
        // Without a detail there is an error nevertheless.
        StreamResponse bare = StreamResponse.failed(new OriginFailure(code, ""));
        assertThat(QuicHeads.encode(GET, bare).error()).isNotEmpty();
        assertThat(back(GET, bare)).isEqualTo(bare);
    }

    @Test
    void carriesWhyThereIsNoAnswerOfATcpStreamToo() throws ProtocolException {
        StreamRequest tcp =
                new StreamRequest(
                        StreamKind.TCP, "GET", "10.0.0.1:22", "/", new HeaderList(), false);
        StreamResponse failed =
                StreamResponse.failed(new OriginFailure(OriginFailure.Code.REFUSED, "no"));
        assertThat(back(tcp, failed)).isEqualTo(failed);
    }

    @Test
    void readsCloudflaredsErrorsWithoutOurCode() throws ProtocolException {
        StreamResponse plain =
                QuicHeads.decode(
                        GET, new ConnectResponse("a\nb\u0000\u001b[31m", new HeaderList()));
        assertThat(plain.failure())
                .isEqualTo(new OriginFailure(OriginFailure.Code.UNREACHABLE, "a.b..[31m"));
        StreamResponse limited =
                QuicHeads.decode(
                        GET,
                        new ConnectResponse(
                                "too many", HeaderList.of("FlowConnectRateLimited", "true")));
        assertThat(limited.failure().code()).isEqualTo(OriginFailure.Code.OVERLOADED);
        StreamResponse longer =
                QuicHeads.decode(GET, new ConnectResponse("e".repeat(9000), new HeaderList()));
        assertThat(longer.failure().detail()).hasSize(OriginFailure.MAX_DETAIL);
    }

    @Test
    void takesTheTextOverAMetaThatSaysOrigin() throws ProtocolException {
        StreamResponse answer =
                QuicHeads.decode(
                        GET,
                        new ConnectResponse(
                                "down",
                                HeaderList.of("CulvertMeta", ResponseMeta.ORIGIN.encode())));
        assertThat(answer.failure())
                .isEqualTo(new OriginFailure(OriginFailure.Code.UNREACHABLE, "down"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "099", "20", "2000", "-20", "2 0", "0x2", "\u0662\u0660\u0660"})
    void rejectsAStatusThatIsNone(String status) {
        assertThatThrownBy(() ->
                        QuicHeads.decode(
                                GET, new ConnectResponse("", HeaderList.of("HttpStatus", status))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("three digits from 100");
    }

    @Test
    void rejectsAnAnswerWithoutStatus() {
        assertThatThrownBy(() -> QuicHeads.decode(GET, new ConnectResponse("", new HeaderList())))
                .hasMessageContaining("HttpStatus: missing");
    }

    @Test
    void writesNoHeaderThatCouldNotBeRead() {
        for (HeaderList bad :
                new HeaderList[] {
                    HeaderList.of("a b", "c"),
                    HeaderList.of("a", "b\r\nc: d"),
                    HeaderList.of("a", "\u0100")
                }) {
            assertThatThrownBy(() -> QuicHeads.encode(GET, StreamResponse.of(200, bad)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot be sent");
        }
    }

    // ---- credit before the answer

    @ParameterizedTest
    @ValueSource(ints = {1, 1024, BodyFrames.MAX_LENGTH})
    void carriesACreditInAHeadOfItsOwn(int bytes) throws ProtocolException {
        ConnectResponse head = QuicHeads.credit(bytes);
        ConnectResponse read =
                ConnectResponse.decode(
                        ConnectResponse.framer().next(ByteBuffer.wrap(head.encode())));
        assertThat(QuicHeads.credit(read)).isEqualTo(bytes);
    }

    @Test
    void anAnswerIsNoCredit() throws ProtocolException {
        assertThat(QuicHeads.credit(recorded("http-response-head-c2e"))).isZero();
        assertThat(QuicHeads.credit(new ConnectResponse("down", new HeaderList()))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "00",
                "-1",
                "+1",
                "1a",
                " 1",
                "1073741824",
                "9999999999",
                "00000000001"
            })
    void rejectsACreditThatIsNone(String text) {
        ConnectResponse head = new ConnectResponse("", HeaderList.of("CulvertCredit", text));
        assertThatThrownBy(() -> QuicHeads.credit(head))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("CulvertCredit");
    }
}
