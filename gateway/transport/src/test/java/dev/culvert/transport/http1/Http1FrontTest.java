package dev.culvert.transport.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
@Timeout(120)
final class Http1FrontTest {
    private static final int MIB = 1024 * 1024;
    private static final Http1Limits LIMITS =
            new Http1Limits(1024, 4096, 64, Duration.ofSeconds(20), Duration.ofSeconds(20));

    private final EventLoops loops = new EventLoops("front", 1);
    private final SideTarget target = new SideTarget();
    private Channel listener;
    private Socket client;

    @BeforeEach
    void listen() throws Exception {
        listen(LIMITS);
    }

    private void listen(Http1Limits limits) throws Exception {
        listener =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        Http1Front.addTo(channel.pipeline(), target, limits);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        client = new Socket("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
        client.setSoTimeout(30_000);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        listener.close().sync();
        loops.close();
    }

    private void write(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Reads until the text ends so.
    private String readUntil(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int b = client.getInputStream().read();
            if (b < 0) {
                throw new AssertionError("ended at: " + text);
            }
            text.append((char) b);
        }
        return text.toString();
    }

    private String readToEnd() throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static final String GET = "GET /a HTTP/1.1\r\nHost: App.Example\r\n\r\n";

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        write(GET + GET.replace("/a", "/b") + GET.replace("/a", "/c"));
        for (String path : new String[] {"/a", "/b", "/c"}) {
            Side served = target.next();
            assertThat(served.request().path()).isEqualTo(path);
            assertThat(served.request().authority()).isEqualTo("app.example");
            assertThat(target.waiting()).isZero();
            served.respond(200, HeaderList.of("Content-Length", "2"), false);
            served.send(path, true);
            assertThat(readUntil(path)).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"HEAD,200", "HEAD,404", "GET,204", "GET,205", "GET,304"})
    void answersWithoutABodyKeepTheConnection(String method, int status) throws Exception {
        write(GET.replace("GET", method) + GET);
        Side served = target.next();
        served.respond(status, HeaderList.of("ETag", "\"x\""), false);
        served.send("must not be sent", true);
        served.awaitCredited(16);
        assertThat(readUntil("\r\n\r\n")).contains(" " + status + " ").doesNotContain("chunked");
        Side second = target.next();
        second.respond(200, HeaderList.of("Content-Length", "2"), false);
        second.send("ok", true);
        assertThat(readUntil("ok")).startsWith("HTTP/1.1 200");
    }

    @Test
    void carriesChunksBothWaysWithTrailersAndDropsThoseThatMayNotStandThere() throws Exception {
        write(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: x-hop\r\n"
                        + "X-Hop: 1\r\nX-End: 2\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        Side served = target.next();
        served.awaitEnd();
        assertThat(served.text()).isEqualTo("abcde");
        assertThat(served.request().headers()).isEqualTo(HeaderList.of("x-end", "2"));
        served.respond(200, HeaderList.of("Connection", "keep-alive, x-own", "X-Own", "1"), false);
        served.send("hello", false);
        served.sendTrailers(HeaderList.of("content-length", "3"));
        String answer = readUntil("0\r\n\r\n").toLowerCase(java.util.Locale.ROOT);
        assertThat(answer).contains("transfer-encoding: chunked", "5\r\nhello\r\n");
        assertThat(answer).doesNotContain("x-own", "keep-alive");
    }

    @Test
    void anAnswerLongerThanPromisedIsCutThere() throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", "4"), false);
        served.send("abcdef", false);
        assertThat(readToEnd()).endsWith("\r\n\r\nabcd");
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
    }

    @Test
    void anAnswerShorterThanPromisedClosesTheConnection() throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", "9"), false);
        served.send("abc", true);
        assertThat(readToEnd()).endsWith("\r\n\r\nabc");
    }

    @Test
    void anAnswerWithoutLengthEndsWithTheConnectionForHttp10() throws Exception {
        write("GET / HTTP/1.0\r\n\r\n");
        Side served = target.next();
        served.respond(200, new HeaderList(), false);
        served.send("old", true);
        assertThat(readToEnd()).endsWith("\r\n\r\nold").doesNotContain("chunked");
    }

    @Test
    void closesWhenTheClientAsksForIt() throws Exception {
        write(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", "2"), false);
        served.send("ok", true);
        assertThat(readToEnd().toLowerCase(java.util.Locale.ROOT))
                .contains("connection: close")
                .endsWith("ok");
    }

    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n";

    @Test
    void bytesBesideAndBehindThe101ReachTheOtherSide() throws Exception {
        write(UPGRADE);
        Side served = target.next();
        assertThat(served.request().kind()).isEqualTo(StreamKind.WEBSOCKET);
        served.onLoop(() -> {
            served.respond(101, HeaderList.of("Sec-WebSocket-Accept", "x"), false);
            served.send("with the head", false);
        });
        assertThat(readUntil("with the head")).startsWith("HTTP/1.1 101 ");
        write("at once");
        served.awaitReceived(7);
        assertThat(served.text()).isEqualTo("at once");
        client.shutdownOutput();
        served.awaitEnd();
        served.send(" and the end", true);
        assertThat(readToEnd()).isEqualTo(" and the end");
    }

    @Test
    void aRefusedUpgradeEndsTheStreamAndKeepsTheConnection() throws Exception {
        write(UPGRADE + GET);
        Side served = target.next();
        served.respond(403, HeaderList.of("Content-Length", "2"), false);
        served.send("no", true);
        assertThat(readUntil("no")).startsWith("HTTP/1.1 403");
        served.awaitEnd();
        target.next().respond(200, new HeaderList(), true);
        assertThat(readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aClientThatGoesAwayInItsBodyCancelsTheStream() throws Exception {
        write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome");
        Side served = target.next();
        served.awaitReceived(4);
        client.close();
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
        assertThat(served.ended()).isFalse();
    }

    @Test
    void aBodyGoesOnAfterAnEarlyAnswer() throws Exception {
        write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf");
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", "2"), false);
        served.send("ok", true);
        assertThat(readUntil("ok")).startsWith("HTTP/1.1 200");
        write("rest" + GET);
        served.awaitEnd();
        assertThat(served.text()).isEqualTo("halfrest");
        target.next().respond(204, new HeaderList(), true);
        assertThat(readUntil("\r\n\r\n")).startsWith("HTTP/1.1 204");
    }

    @Test
    void aClientGoneAfterAnEarlyAnswerCancelsTheStream() throws Exception {
        write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf");
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", "2"), false);
        served.send("ok", true);
        assertThat(readUntil("ok")).startsWith("HTTP/1.1 200");
        client.close();
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
    }

    @Test
    void anAnswerThatDoesNotReadTheBodyArrivesWhole() throws Exception {
        write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nhalf");
        Side served = target.next();
        served.respond(413, HeaderList.of("Content-Length", "3"), false);
        served.send("big", true);
        served.sendReset(StreamFault.notRead());
        write("x".repeat(500_000));
        assertThat(readToEnd()).endsWith("big");
    }

    @Test
    void aRefusalArrivesWholeWhileTheBodyStillComes() throws Exception {
        write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nhalf");
        Side served = target.next();
        served.sendReset(StreamFault.connectionLost("a test"));
        write("x".repeat(500_000));
        assertThat(readToEnd()).startsWith("HTTP/1.1 502").endsWith(".\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:.b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:800000\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n"
            })
    void refusesMalformedHeadsWith400(String head) throws Exception {
        write(head);
        assertThat(readToEnd()).startsWith("HTTP/1.1 400 ");
        assertThat(target.waiting()).isZero();
    }

    @Test
    void refusesAnAddressBeyondTheLimitWith414() throws Exception {
        write("GET /" + "x".repeat(2000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(readToEnd()).startsWith("HTTP/1.1 414 ");
    }

    @Test
    void refusesHeadersBeyondTheLimitWith431() throws Exception {
        write("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(5000) + "\r\n\r\n");
        assertThat(readToEnd()).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void aMalformedChunkIsNotTheEndOfTheBody() throws Exception {
        write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
        assertThat(readToEnd()).startsWith("HTTP/1.1 400 ");
        Side served = target.next();
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
        assertThat(served.ended()).isFalse();
    }

    @Test
    void aHeadThatHttpCannotCarryIsA502AndTheStreamIsReset() throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(200, HeaderList.of("X-Bad", "a\u000bb"), false);
        assertThat(readToEnd()).startsWith("HTTP/1.1 502 ");
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
    }

    @Test
    void aClientThatClosesBeforeItsAnswerCancelsTheStream() throws Exception {
        write(GET);
        Side served = target.next();
        client.close();
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
    }

    @Test
    void aClientThatClosesWhileItsAnswerIsIdleCancelsTheStream() throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Type", "text/event-stream"), false);
        served.send("data: 1", false);
        readUntil("data: 1");
        client.shutdownOutput();
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
    }

    @Test
    void aHeadThatIsNotCompleteInTimeIs408() throws Exception {
        client.close();
        listener.close().sync();
        listen(new Http1Limits(1024, 4096, 64, Duration.ofSeconds(20), Duration.ofMillis(100)));
        write("GET / HTTP/1.1\r\nHost:");
        assertThat(readToEnd()).startsWith("HTTP/1.1 408 ");
        assertThat(target.waiting()).isZero();
    }

    @Test
    void trailersGoToAClientThatAsksForThem() throws Exception {
        write(GET.replace("\r\n\r\n", "\r\nTE: gzip, trailers\r\nConnection: TE\r\n\r\n"));
        Side served = target.next();
        assertThat(served.request().headers()).isEqualTo(HeaderList.of("TE", "trailers"));
        served.respond(200, new HeaderList(), false);
        served.send("body", false);
        served.sendTrailers(HeaderList.of("X-Sum", "1", "Content-Length", "4"));
        assertThat(readUntil("0\r\nX-Sum: 1\r\n\r\n")).doesNotContain("4\r\n\r\n");
    }

    @Test
    void trailersDoNotGoToAClientThatDoesNot() throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(200, new HeaderList(), false);
        served.send("body", false);
        served.sendTrailers(HeaderList.of("X-Sum", "1"));
        assertThat(readUntil("0\r\n\r\n")).doesNotContain("X-Sum");
    }

    @Test
    void headersKeepTheirOrderSpellingAndRepetition() throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(
                204,
                HeaderList.of(
                        "X-b", "1", "sEt-Cookie", "a", "X-A", "", "Set-Cookie", "b", "X-B", "2"),
                true);
        assertThat(readUntil("\r\n\r\n"))
                .isEqualTo(
                        "HTTP/1.1 204 No Content\r\nX-b: 1\r\nsEt-Cookie: a\r\nX-A: \r\n"
                                + "Set-Cookie: b\r\nX-B: 2\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,1", "+1", "x", "", "99999999999999999999"})
    void anAnswersLengthThatIsNoneIsA502(String length) throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", length), false);
        assertThat(readToEnd()).startsWith("HTTP/1.1 502 ");
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
    }

    @Test
    void http10CannotUpgrade() throws Exception {
        write(UPGRADE.replace("HTTP/1.1", "HTTP/1.0"));
        Side served = target.next();
        assertThat(served.request().kind()).isEqualTo(StreamKind.HTTP);
        served.respond(204, new HeaderList(), true);
        assertThat(readToEnd()).startsWith("HTTP/1.1 204");
    }

    @Test
    void aSlowClientHoldsTheTargetBack() throws Exception {
        write(GET);
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", "" + 64 * MIB), false);
        served.sendPattern(64 * MIB, 16 * 1024, true);
        // What the two sockets' buffers take, and then no more than the sender's limit.
        Eventually.settled(served::sent);
        assertThat(served.sent() - served.credited()).isLessThanOrEqualTo(Side.LIMIT + 16 * 1024);
        assertThat(served.sent()).isLessThan(64 * MIB);
    }

    @Test
    void aSlowTargetHoldsTheClientBack() throws Exception {
        target.stopReading();
        write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + 64 * MIB + "\r\n\r\n");
        Side served = target.next();
        Thread writer =
                Thread.startVirtualThread(() -> {
                    try {
                        client.getOutputStream().write(new byte[64 * MIB]);
                    } catch (IOException e) {
                        // The test has closed the socket.
                    }
                });
        Eventually.settled(served::received);
        assertThat(served.received()).isLessThanOrEqualTo(512 * 1024);
        client.close();
        writer.join();
    }

    @Test
    void aHalfClosedClientStillGetsItsWholeAnswer() throws Exception {
        write(GET);
        client.shutdownOutput();
        Side served = target.next();
        served.respond(200, HeaderList.of("Content-Length", "300000"), false);
        served.sendPattern(300_000, 16 * 1024, true);
        assertThat(readToEnd()).hasSizeGreaterThan(300_000);
    }

    @Test
    void closesAnIdleConnectionAtItsDeadline() throws Exception {
        client.close();
        listener.close().sync();
        listen(new Http1Limits(1024, 4096, 64, Duration.ofMillis(100), Duration.ofSeconds(20)));
        assertThat(readToEnd()).isEmpty();
    }
}
