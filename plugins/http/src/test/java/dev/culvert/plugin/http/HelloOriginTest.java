package dev.culvert.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.Opcode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class HelloOriginTest {
    private final HelloOrigin origin = new HelloOrigin(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    private Throwable thrown;

    private TestExchange answered(TestExchange exchange) throws Exception {
        origin.handle(exchange);
        return exchange;
    }

    private Thread inBackground(TestExchange exchange) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        origin.handle(exchange);
                    } catch (Exception | Error e) {
                        thrown = e;
                    }
                });
    }

    private static void end(Thread thread) throws InterruptedException {
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }

    private static TestExchange socket() {
        return new TestExchange(
                "GET", "/ws", true, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static byte[] frame(int opcode, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + FrameEncoder.MAX_HEADER);
        FrameEncoder encoder = FrameEncoder.client(() -> 0x01020304);
        int key = encoder.header(opcode, payload.length, frame);
        encoder.mask(ByteBuffer.wrap(payload), key, 0);
        frame.put(payload);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    @Test
    void showsThePageWithTheRequestEscaped() throws Exception {
        TestExchange page =
                answered(
                        TestExchange.get(
                                "/?secret=1",
                                "CF-Ray",
                                "<script>'{{host}}'",
                                "Cf-Access-Jwt-Assertion",
                                "eyJhbGciOi",
                                "Cookie",
                                "not shown"));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text())
                .contains("<title>Hello from hello.example.com</title>")
                .contains("This page is public")
                .contains("&lt;script&gt;&#39;&#123;&#123;host}}&#39;")
                .contains("(10 characters, not shown)")
                .contains("<td>GET /</td>")
                .doesNotContain("not shown</td></tr>\n<tr><th scope=\"row\">Cookie")
                .doesNotContain("secret=1")
                .doesNotContain("{{");
    }

    @Test
    void allowsItsStyleAndScriptByHashAndNothingElse() throws Exception {
        TestExchange page = answered(TestExchange.get("/"));
        String policy = page.headers().first("Content-Security-Policy");
        assertThat(policy).startsWith("default-src 'none';").doesNotContain("unsafe");
        for (String tag : new String[] {"style", "script"}) {
            String html = page.text();
            int from = html.indexOf("<" + tag + ">") + tag.length() + 2;
            String inside = html.substring(from, html.indexOf("</" + tag + ">"));
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(inside.getBytes(StandardCharsets.UTF_8));
            assertThat(policy).contains(Base64.getEncoder().encodeToString(hash));
        }
    }

    @Test
    void answersTheSmallPaths() throws Exception {
        assertThat(answered(TestExchange.get("/_health")).text()).isEqualTo("ok\n");
        assertThat(answered(TestExchange.get("/uptime")).text())
                .isEqualTo("{\"startTime\":\"1970-01-01T00:00:00Z\",\"uptime\":\"0s\"}\n");
        assertThat(answered(TestExchange.get("/none")).status()).isEqualTo(404);
        assertThat(answered(TestExchange.get("/ws")).status()).isEqualTo(426);
        assertThat(answered(new TestExchange("POST", "/", false)).status()).isEqualTo(405);
        TestExchange head = answered(new TestExchange("HEAD", "/", false));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.bytes()).isEmpty();
        assertThat(answered(new TestExchange("GET", "/other", true)).status()).isEqualTo(404);
    }

    @Test
    void sendsRequestsAsEventsThoseBeforeAndThoseAfter() throws Exception {
        answered(TestExchange.get("/before?q=1"));
        TestExchange events = TestExchange.get("/events");
        Thread thread = inBackground(events);
        events.await(text -> text.contains("\"path\":\"/before\""));
        answered(TestExchange.get("/after\"\n<b>"));
        events.await(text -> text.contains("/after\\u0022\\u000a\\u003cb\\u003e"));
        assertThat(events.text()).doesNotContain("q=1").doesNotContain("<b>");
        events.leave();
        answered(TestExchange.get("/third"));
        end(thread);
        assertThat(thrown).hasMessage("client went away");
    }

    @Test
    void endsEventStreamsWhenItCloses() throws Exception {
        TestExchange events = TestExchange.get("/events");
        Thread thread = inBackground(events);
        events.await(text -> text.contains("/events"));
        origin.close();
        origin.close();
        end(thread);
        assertThat(thrown).isNull();
        assertThat(events.isClosed()).isTrue();
        assertThat(answered(TestExchange.get("/events")).status()).isEqualTo(503);
    }

    @Test
    void countsAtTheFrequencyAsked() throws Exception {
        TestExchange count = TestExchange.get("/sse?freq=10ms");
        Thread thread = inBackground(count);
        count.await(text -> text.startsWith("data: 0\n\ndata: 1\n\ndata: 2\n\n"));
        count.leave();
        end(thread);
        assertThat(EventStream.frequency("")).isEqualTo(10_000);
        assertThat(EventStream.frequency("a=b&freq=2m")).isEqualTo(120_000);
        assertThat(EventStream.frequency("freq=0ms")).isEqualTo(10);
        assertThat(EventStream.frequency("freq=9999999m")).isEqualTo(3_600_000);
    }

    @Test
    void echoesAndShowsTheLogByWebSocket() throws Exception {
        TestExchange socket = socket();
        Thread thread = inBackground(socket);
        socket.await(text -> text.contains("\"path\":\"/ws\""));
        assertThat(socket.status()).isEqualTo(101);
        assertThat(socket.headers().first("sec-websocket-accept"))
                .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        socket.send(frame(Opcode.TEXT, "good day"));
        socket.await(text -> text.contains("\u0081\u0008good day"));
        socket.send(frame(Opcode.BINARY, "bin"));
        socket.await(text -> text.contains("\u0082\u0003bin"));
        socket.send(frame(Opcode.PING, "p"));
        socket.await(text -> text.contains("\u008a\u0001p"));
        answered(TestExchange.get("/seen"));
        socket.await(text -> text.contains("/seen"));
        socket.send(frame(Opcode.CLOSE, ""));
        end(thread);
        assertThat(socket.isClosed()).isTrue();
        assertThat(thrown).isNull();
    }

    @Test
    void closesAWebSocketWhoseMessageIsTooLong() throws Exception {
        TestExchange socket = socket();
        Thread thread = inBackground(socket);
        ByteBuffer head = ByteBuffer.allocate(FrameEncoder.MAX_HEADER);
        FrameEncoder.client(() -> 1).header(Opcode.BINARY, 65 * 1024, head);
        byte[] bytes = new byte[head.position()];
        head.flip().get(bytes);
        socket.send(bytes);
        socket.await(text -> text.contains("\u0088\u0002\u0003\u00f1"));
        end(thread);
    }

    @Test
    void endsAWebSocketWhenTheClientGoesOrTheOriginCloses() throws Exception {
        TestExchange gone = socket();
        Thread first = inBackground(gone);
        gone.await(text -> !text.isEmpty());
        gone.endBody();
        end(first);
        TestExchange kept = socket();
        Thread second = inBackground(kept);
        kept.await(text -> !text.isEmpty());
        origin.close();
        kept.await(text -> text.contains("the connector stops"));
        kept.send(frame(Opcode.CLOSE, ""));
        end(second);
    }

    @Test
    void boundsTheLogAndItsWatchers() throws Exception {
        RequestLog log = new RequestLog();
        for (int i = 0; i < 200; i++) {
            log.add("entry " + i);
        }
        RequestLog.Watcher first = log.watch();
        for (int i = 1; i < RequestLog.MAX_WATCHERS; i++) {
            assertThat(log.watch()).isNotNull();
        }
        assertThat(log.watch()).isNull();
        first.close();
        first.close();
        assertThat(log.watch()).isNotNull();
        assertThat(first.next(0)).isEqualTo("entry 150");
        for (int i = 0; i < 1000; i++) {
            log.add("late");
        }
    }
}
