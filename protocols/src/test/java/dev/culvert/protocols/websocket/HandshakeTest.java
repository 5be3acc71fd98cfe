package dev.culvert.protocols.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.stream.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    private static final byte[] NONCE = Base64.getDecoder().decode("dGhlIHNhbXBsZSBub25jZQ==");
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static Handshake handshake(boolean offer) {
        return Handshake.client("h.example", "/chat?x=1", HeaderList.of("A", "b c"), NONCE, offer);
    }

    private static ResponseHead head(String text) throws HandshakeException {
        ByteBuffer input =
                ByteBuffer.wrap(text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        ResponseHead head = new ResponseHeadDecoder().decode(input);
        assertThat(input.hasRemaining()).isFalse();
        return head;
    }

    private static final String OPEN =
            "HTTP/1.1 101 Switching Protocols|Upgrade: WebSocket|Connection: keep-alive, Upgrade|"
                    + "Sec-WebSocket-Accept: "
                    + ACCEPT
                    + "|";

    @Test
    void computesTheAcceptOfTheSpecification() {
        assertThat(Handshake.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo(ACCEPT);
    }

    @Test
    void writesTheRequest() {
        assertThat(new String(handshake(true).request(), StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        "GET /chat?x=1 HTTP/1.1\r\nHost: h.example\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                + "Sec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Protocol: culvert.stream.v1\r\n"
                                + "A: b c\r\n\r\n");
    }

    @Test
    void opensWithAndWithoutTheStreamSubprotocol() throws Exception {
        assertThat(handshake(true).check(head(OPEN + "|")))
                .isEqualTo(new Handshake.Outcome.Opened(false));
        assertThat(
                        handshake(true)
                                .check(head(OPEN + "sec-websocket-protocol: culvert.stream.v1||")))
                .isEqualTo(new Handshake.Outcome.Opened(true));
    }

    @Test
    void anotherStatusIsAnOutcome() throws Exception {
        ResponseHead head = head("HTTP/1.1 403 Forbidden|A: b||");
        assertThat(handshake(true).check(head)).isEqualTo(new Handshake.Outcome.Refused(head));
    }

    @Test
    void refusesA101ThatDoesNotAnswer() {
        assertThatThrownBy(() -> handshake(true).check(head("HTTP/1.1 101 x||")))
                .hasMessageContaining("Upgrade");
        assertThatThrownBy(() -> handshake(true).check(head(OPEN.replace("s3p", "s3q") + "|")))
                .hasMessageContaining("Accept");
        assertThatThrownBy(
                        () -> handshake(true).check(head(OPEN + "Sec-WebSocket-Extensions: x||")))
                .hasMessageContaining("extension");
        for (String protocol : new String[] {"other", "culvert.stream.v1, other", ""}) {
            assertThatThrownBy(() ->
                            handshake(true)
                                    .check(
                                            head(
                                                    OPEN
                                                            + "Sec-WebSocket-Protocol: "
                                                            + protocol
                                                            + "||")))
                    .hasMessageContaining("subprotocol");
        }
        assertThatThrownBy(() ->
                        handshake(false)
                                .check(head(OPEN + "Sec-WebSocket-Protocol: culvert.stream.v1||")))
                .hasMessageContaining("subprotocol");
    }

    @Test
    void refusesHeadersThatWouldBreakOutAndNeverShowsTheirValues() {
        for (String value :
                new String[] {"secret\r\nX: y", "secret\n", "secret\0", "secret\u0100"}) {
            assertThatThrownBy(() ->
                            Handshake.client("h", "/", HeaderList.of("A", value), NONCE, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("A")
                    .hasMessageNotContaining("secret");
        }
        for (String name :
                new String[] {"", "A b", "A\r\nB", "A:", "Host", "content-length", "UPGRADE"}) {
            assertThatThrownBy(
                            () -> Handshake.client("h", "/", HeaderList.of(name, "v"), NONCE, true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String target : new String[] {"", "x", "/a b", "/\r\nX: y", "/\u00e9"}) {
            assertThatThrownBy(() -> Handshake.client("h", target, new HeaderList(), NONCE, true))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Handshake.client("h\r\n", "/", new HeaderList(), NONCE, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsAHeadSplitAnywhereAndLeavesWhatFollows() throws Exception {
        byte[] bytes = "HTTP/1.1 200 Very OK\r\nA: 1\r\na:\t2 \r\n\r\nrest".getBytes();
        for (int cut = 0; cut <= bytes.length - 4; cut++) {
            ResponseHeadDecoder decoder = new ResponseHeadDecoder();
            ResponseHead head = decoder.decode(ByteBuffer.wrap(bytes, 0, cut));
            assertThat(head == null || cut == bytes.length - 4).isTrue();
            ByteBuffer second = ByteBuffer.wrap(bytes, cut, bytes.length - cut);
            if (head == null) {
                head = decoder.decode(second);
            }
            assertThat(head)
                    .isEqualTo(new ResponseHead(200, "Very OK", HeaderList.of("A", "1", "a", "2")));
            assertThat(second.remaining()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH|",
                "HTTP/2 200|",
                "HTTP/1.2 200 x|",
                "HTTP/1.1 2x0|",
                "HTTP/1.1 099|",
                "HTTP/1.1 2000|",
                "HTTP/1.1 200\n\n",
                "HTTP/1.1 200 O\0K|",
                "HTTP/1.1 200 OK|A : b|",
                "HTTP/1.1 200 OK|A|",
                "HTTP/1.1 200 OK|: b|",
                "HTTP/1.1 200 OK|A: b| folded|",
                "HTTP/1.1 200 OK|A: b\rc|",
                "HTTP/1.1 200 OK|A: \u001b[31m|",
            })
    void refusesWhatIsNotAHead(String text) {
        assertThatThrownBy(() -> head(text)).isInstanceOf(HandshakeException.class);
    }

    @Test
    void boundsHeadAndFields() {
        assertThatThrownBy(() -> head("HTTP/1.1 200 " + "x".repeat(70_000)))
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> head("HTTP/1.1 200 |" + "A: b|".repeat(201)))
                .hasMessageContaining("200 header fields");
    }
}
