package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for the answers of HTTP/1.1 origins, the sound and the unsound, beyond [ProxiedHttpContract].
@ParameterizedClass
@EnumSource(Arrangement.class)
@ExtendWith(LeakCheck.class)
public abstract class HttpAnswersContract {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofMinutes(1);

    @Parameter Arrangement arrangement = Arrangement.DIRECT;

    private @Nullable ScriptedOrigin listener;
    private @Nullable Bench bench;

    protected abstract OriginPlugin plugin();

    @BeforeEach
    final void listen() throws Exception {
        listener = ScriptedOrigin.listen();
    }

    @AfterEach
    final void nothingIsLeft() throws Exception {
        try (ScriptedOrigin unused = listener) {
            if (bench != null) {
                bench.close();
            }
        }
    }

    private ScriptedOrigin listener() {
        return Objects.requireNonNull(listener);
    }

    private Bench bench(OriginRequest settings) throws Exception {
        String service = "http://127.0.0.1:" + listener().port();
        Bench made = new Bench(arrangement, Origins.configure(plugin(), service, settings));
        bench = made;
        return made;
    }

    private Bench bench() throws Exception {
        return bench(OriginRequest.DEFAULT);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static OriginFailure failure(TunnelStream stream) {
        return Objects.requireNonNull(stream.awaitResponse().failure());
    }

    private OriginConnection asked() throws IOException {
        OriginConnection origin = listener().accept();
        origin.receiveHead();
        return origin;
    }

    // ---- interim answers and 100-continue

    @Test
    void interimAnswersGoBeforeTheFinalOne() throws Exception {
        TunnelStream stream = bench().get("/");
        asked().send(
                        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: x\r\n\r\n"
                                + "HTTP/1.1 102 Processing\r\n\r\n"
                                + OK);

        assertThat(stream.awaitResponse().status()).isEqualTo(200);
        assertThat(text(stream.awaitEnd())).isEqualTo("ok");
        if (arrangement == Arrangement.DIRECT) {
            assertThat(stream.awaitInterims(2))
                    .extracting(StreamResponse::status)
                    .containsExactly(103, 102);
            HeaderList hints = stream.awaitInterims(1).getFirst().headers();
            assertThat(hints.first("link")).isEqualTo("</a>");
            assertThat(hints.contains("connection")).isFalse();
        }
    }

    @Test
    void anOriginThatNeverStopsHintingIsGivenUp() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = asked();

        origin.send("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(33));

        assertThat(failure(stream).detail()).contains("more than 32 interim answers");
        origin.awaitOver();
    }

    private TunnelStream expecting() throws Exception {
        TunnelStream stream =
                bench().request(
                                "POST",
                                "/",
                                HeaderList.of("Expect", "100-continue", "Content-Length", "4"),
                                false);
        stream.send(bytes("body"));
        return stream;
    }

    @Test
    void theBodyGoesWhenTheOriginSaysContinue() throws Exception {
        TunnelStream stream = expecting();
        stream.end();
        OriginConnection origin = listener().accept();
        assertThat(origin.receiveHead()).containsIgnoringCase("expect: 100-continue");
        assertThat(origin.isQuiet()).isTrue();

        origin.send("HTTP/1.1 100 Continue\r\n\r\n");

        assertThat(text(origin.receive(4))).isEqualTo("body");
        origin.send(OK);
        assertThat(text(stream.awaitEnd())).isEqualTo("ok");
        TunnelStream next = Objects.requireNonNull(bench).get("/next");
        assertThat(origin.receiveHead()).startsWith("GET /next");
        origin.send(OK);
        next.awaitEnd();
    }

    @Test
    void theBodyGoesAfterASecondWithoutAWord() throws Exception {
        TunnelStream stream = expecting();
        stream.end();
        OriginConnection origin = asked();

        assertThat(text(origin.receive(4))).isEqualTo("body");
        origin.send(OK);

        assertThat(text(stream.awaitEnd())).isEqualTo("ok");
    }

    @Test
    void aFinalAnswerKeepsTheBodyBackAndTheConnectionIsNotKept() throws Exception {
        TunnelStream stream = expecting();
        OriginConnection origin = asked();

        origin.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");

        assertThat(text(stream.awaitEnd())).isEqualTo("no");
        assertThat(stream.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        assertThat(origin.receiveToEnd()).isEmpty();
        stream.awaitAllCredit();
    }

    // ---- answers that are refused

    @Test
    void answersThatCanBeReadInTwoWaysAreRefused() throws Exception {
        String[] answers = {
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\nabcd",
            "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\n0123456789",
            "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
            "HTTP/1.1 200 OK\r\nX: a\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 099 Odd\r\nContent-Length: 3\r\n\r\nabc",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX\0Y: a\r\n\r\n",
        };
        Bench open = bench();
        for (String answer : answers) {
            TunnelStream stream = open.get("/");
            OriginConnection origin = asked();
            origin.send(answer);
            assertThat(stream.awaitResponse().failure()).as(answer).isNotNull();
            assertThat(failure(stream).code()).as(answer).isEqualTo(OriginFailure.Code.PROTOCOL);
            origin.awaitOver();
        }
    }

    @Test
    void aChunkThatIsNoneCutsTheAnswer() throws Exception {
        Bench open = bench();
        for (String chunk : new String[] {"zz\r\n", "-1\r\n", "3\nabc\n", "3\r\nabcX\r\n"}) {
            TunnelStream stream = open.get("/");
            OriginConnection origin = asked();
            origin.send(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n");
            assertThat(stream.awaitFault().kind())
                    .as(chunk)
                    .isNotEqualTo(StreamFault.Kind.NOT_READ);
            origin.awaitOver();
        }
    }

    @Test
    void aHeadThatIsTooLongSaysSo() throws Exception {
        TunnelStream stream = bench().get("/");
        asked().send("HTTP/1.1 200 OK\r\nX: " + "a".repeat(140_000) + "\r\n\r\n");

        assertThat(failure(stream).detail()).contains("longer than 131072 bytes");

        TunnelStream field = Objects.requireNonNull(bench).get("/");
        asked().send("HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000) + "\r\n\r\n");

        assertThat(failure(field).detail()).contains("longer than 65536 bytes");
    }

    // ---- answers that pass

    @Test
    void fieldsStayAsTheyCame() throws Exception {
        Bench open = bench();
        TunnelStream stream = open.get("/");
        OriginConnection origin = asked();
        origin.send(
                "HTTP/1.1 200 Fine\r\nSet-Cookie: a=1, b\r\nset-COOKIE: a=2\r\nX_odd.~Name: \u00e4\u00ff\r\n"
                        + "Folded: one\r\n  two\r\nEmpty:\r\nBig: "
                        + "b".repeat(60_000)
                        + "\r\nKeep-Alive: timeout=5\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\n"
                        + "Content-Length: 0\r\n\r\n");

        HeaderList headers = stream.awaitResponse().headers();
        assertThat(headers.all("set-cookie")).containsExactly("a=1, b", "a=2");
        assertThat(headers.first("x_odd.~name")).isEqualTo("\u00e4\u00ff");
        assertThat(headers.first("folded")).isEqualTo("one two");
        assertThat(headers.first("empty")).isEmpty();
        assertThat(headers.first("big")).hasSize(60_000);
        assertThat(headers.contains("x-hop")).isFalse();
        assertThat(headers.contains("keep-alive")).isFalse();
        assertThat(stream.awaitEnd()).isEmpty();
    }

    @Test
    void anOriginThatAnswersAndClosesInTheMiddleOfTheUploadIsHeard() throws Exception {
        byte[] answer = Origins.noise(60_000);
        Bench open = bench();
        for (int i = 0; i < 10; i++) {
            TunnelStream stream =
                    open.request("POST", "/", HeaderList.of("Content-Length", "9000000"), false);
            OriginConnection origin = asked();
            Thread upload =
                    Thread.ofVirtual().start(() -> stream.sendUntilStopped(new byte[500_000]));
            origin.receive(1000 * (i + 1));

            origin.send("HTTP/1.1 413 Too Large\r\nContent-Length: 60000\r\n\r\n");
            origin.send(answer);
            // With bytes unread: the kernel sends a RST.
            origin.close();

            assertThat(Arrays.equals(stream.awaitEnd(), answer)).isTrue();
            assertThat(stream.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
            stream.awaitAllCredit();
            upload.join();
        }
    }

    @Test
    void bytesBehindAnAnswerAreNobodysAnswer() throws Exception {
        Bench open = bench();
        TunnelStream first = open.get("/1");
        OriginConnection origin = asked();
        origin.send(OK + "HTTP/1.1 200 OK\r\nContent-Le");
        assertThat(text(first.awaitEnd())).isEqualTo("ok");
        origin.awaitOver();

        TunnelStream second = open.get("/2");
        asked().send(OK);

        assertThat(text(second.awaitEnd())).isEqualTo("ok");
    }

    // ---- request bodies

    @Test
    void aBodyOfAnotherLengthThanSaidNeverLeavesARequestHalfSent() throws Exception {
        if (arrangement == Arrangement.TUNNEL) {
            // The tunnel's HTTP/2 refuses it before it gets here.
            return;
        }
        Bench open = bench();
        for (String body : new String[] {"short", "much too long"}) {
            TunnelStream stream =
                    open.request("POST", "/", HeaderList.of("Content-Length", "8"), false);
            OriginConnection origin = asked();
            stream.send(bytes(body));
            stream.end();

            assertThat(failure(stream).detail()).contains("not as long as its Content-Length");
            origin.awaitOver();
        }
    }

    @Test
    void withoutChunksABodyNeedsALength() throws Exception {
        Bench open = bench(Origins.kept(100, LONG, true));
        TunnelStream unknown = open.request("POST", "/", new HeaderList(2), false);
        unknown.send(bytes("body"));
        assertThat(unknown.awaitResponse().status()).isEqualTo(411);
        assertThat(text(unknown.awaitEnd())).contains("send it with a Content-Length");
        assertThat(unknown.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        unknown.awaitAllCredit();

        TunnelStream known = open.request("POST", "/", HeaderList.of("Content-Length", "4"), false);
        OriginConnection origin = listener().accept();
        assertThat(origin.receiveHead()).doesNotContainIgnoringCase("transfer-encoding");
        known.send(bytes("body"));
        known.end();
        assertThat(text(origin.receive(4))).isEqualTo("body");
        origin.send(OK);
        known.awaitEnd();
    }

    // ---- kept connections

    @Test
    void noMoreThanTheLimitAreKeptAndNotLongerThanTheTime() throws Exception {
        Bench open = bench(Origins.kept(1, Duration.ofMillis(300), false));
        TunnelStream first = open.get("/1");
        OriginConnection one = asked();
        TunnelStream second = open.get("/2");
        OriginConnection two = asked();
        one.send(OK);
        first.awaitEnd();

        two.send(OK);
        second.awaitEnd();

        two.awaitOver();
        long since = System.nanoTime();
        one.awaitOver();
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(20));
    }
}
