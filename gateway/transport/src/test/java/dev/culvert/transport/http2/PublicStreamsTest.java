package dev.culvert.transport.http2;

import static dev.culvert.transport.http2.RawPeer.END_STREAM;
import static dev.culvert.transport.http2.RawPeer.RST_STREAM;
import static dev.culvert.transport.http2.RawPeer.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Streams of HTTP/2 clients: WebSockets (RFC 8441), interim answers, trailers, cancellation.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class PublicStreamsTest {
    private RawLink listening;
    private RawPeer peer;
    private RawPeer.Frame settings;

    @BeforeEach
    void connect() throws Exception {
        listening = RawLink.open();
        peer = listening.connect();
        peer.preface().flush();
        settings = peer.next(SETTINGS);
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        listening.close();
    }

    private Side webSocket(String... more) throws Exception {
        String[] head = {
            ":method", "CONNECT",
            ":protocol", "websocket",
            ":scheme", "https",
            ":path", "/chat?x",
            ":authority", "a.example",
            "sec-websocket-version", "13",
            "sec-websocket-protocol", "a, b",
            "sec-websocket-extensions", "permessage-deflate",
            "origin", "https://a.example"
        };
        peer.headers(1, 0, head).flush();
        return listening.target.next();
    }

    @Test
    void announcesThatWebSocketsAreTaken() {
        ByteBuffer payload = ByteBuffer.wrap(settings.payload());
        int value = 0;
        while (payload.hasRemaining()) {
            int id = payload.getShort();
            int next = payload.getInt();
            value = id == 8 ? next : value;
        }
        assertThat(value).isEqualTo(1);
    }

    @Test
    void anExtendedConnectIsAWebSocketWithAKey() throws Exception {
        Side served = webSocket();
        assertThat(served.request().kind()).isEqualTo(StreamKind.WEBSOCKET);
        assertThat(served.request().method()).isEqualTo("GET");
        assertThat(served.request().path()).isEqualTo("/chat?x");
        HeaderList headers = served.request().headers();
        assertThat(Base64.getDecoder().decode(headers.first("sec-websocket-key"))).hasSize(16);
        assertThat(headers.first("sec-websocket-protocol")).isEqualTo("a, b");
        assertThat(headers.first("sec-websocket-extensions")).isEqualTo("permessage-deflate");
        served.respond(
                101,
                HeaderList.of(
                        "Sec-WebSocket-Accept",
                        "x",
                        "Sec-WebSocket-Protocol",
                        "b",
                        "Sec-WebSocket-Extensions",
                        "permessage-deflate"),
                false);
        Http2Headers answer = peer.nextHeaders();
        assertThat(answer.status()).hasToString("200");
        assertThat(answer.contains("sec-websocket-accept")).isFalse();
        assertThat(answer.get("sec-websocket-protocol")).hasToString("b");
        assertThat(answer.get("sec-websocket-extensions")).hasToString("permessage-deflate");
        peer.data(1, 0, "ping").flush();
        served.awaitReceived(4);
        served.send("pong", true);
        assertThat(peer.next(RawPeer.DATA).payload()).asString().isEqualTo("pong");
        peer.data(1, END_STREAM, "bye").flush();
        served.awaitEnd();
        assertThat(served.text()).isEqualTo("pingbye");
    }

    @Test
    void aRefusedWebSocketIsAnOrdinaryAnswer() throws Exception {
        Side served = webSocket();
        served.respond(403, HeaderList.of("content-length", "2"), false);
        served.send("no", true);
        served.sendReset(StreamFault.notRead());
        assertThat(peer.nextHeaders().status()).hasToString("403");
        assertThat(peer.next(RawPeer.DATA).payload()).asString().isEqualTo("no");
        assertThat(peer.next(RST_STREAM).code(0)).isZero();
    }

    @Test
    void interimAnswersComeBeforeTheFinalOne() throws Exception {
        peer.headers(1, 0, post("expect", "100-continue", "content-length", "4")).flush();
        Side served = listening.target.next();
        assertThat(served.request().headers().first("expect")).isEqualTo("100-continue");
        served.inform(100, new HeaderList());
        served.inform(103, HeaderList.of("Link", "</a>", "Connection", "x", "Content-Length", "1"));
        assertThat(peer.nextHeaders().status()).hasToString("100");
        Http2Headers hints = peer.nextHeaders();
        assertThat(hints.status()).hasToString("103");
        assertThat(hints.get("link")).hasToString("</a>");
        assertThat(hints.size()).isEqualTo(2);
        peer.data(1, END_STREAM, "body").flush();
        served.awaitEnd();
        served.respond(204, new HeaderList(), true);
        assertThat(peer.nextHeaders().status()).hasToString("204");
    }

    @Test
    void trailersGoBothWays() throws Exception {
        peer.headers(1, 0, post("te", "trailers"))
                .data(1, 0, "body")
                .headers(1, END_STREAM, "x-sum", "1", "content-length", "9")
                .flush();
        Side served = listening.target.next();
        served.awaitEnd();
        assertThat(served.request().headers()).isEqualTo(HeaderList.of("te", "trailers"));
        assertThat(served.trailers()).isEqualTo(HeaderList.of("x-sum", "1"));
        served.respond(200, new HeaderList(), false);
        served.sendTrailers(HeaderList.of("Grpc-Status", "0"));
        assertThat(peer.nextHeaders().status()).hasToString("200");
        assertThat(peer.nextHeaders().get("grpc-status")).hasToString("0");
    }

    @Test
    void aCancelledStreamIsToldAtOnce() throws Exception {
        peer.headers(1, END_STREAM, post()).flush();
        Side served = listening.target.next();
        peer.number(RST_STREAM, 1, 8).flush();
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
    }

    private static String[] post(String... more) {
        String[] fields = new String[8 + more.length];
        String[] head = {
            ":method", "POST", ":scheme", "https", ":path", "/", ":authority", "a.example"
        };
        System.arraycopy(head, 0, fields, 0, 8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return fields;
    }
}
