package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for a plugin whose `http`, `https` and `unix` services are spoken HTTP/1.1 to.
@ParameterizedClass
@EnumSource(Arrangement.class)
@ExtendWith(LeakCheck.class)
public abstract class ProxiedHttpContract {
    private static final int MIB = 1024 * 1024;
    private static final int KERNEL = 10 * MIB;
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Parameter Arrangement arrangement = Arrangement.DIRECT;

    @TempDir @Nullable Path directory;

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

    private Bench bench(String service, OriginRequest settings) throws Exception {
        Bench made = new Bench(arrangement, Origins.configure(plugin(), service, settings));
        bench = made;
        return made;
    }

    private Bench bench() throws Exception {
        return bench("http://127.0.0.1:" + listener().port(), OriginRequest.DEFAULT);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static OriginFailure failure(TunnelStream stream) {
        OriginFailure failure = stream.awaitResponse().failure();
        assertThat(failure).as("failure of %s", stream.awaitResponse()).isNotNull();
        return Objects.requireNonNull(failure);
    }

    // ---- head

    @Test
    void passesTheRequestAsItIs() throws Exception {
        TunnelStream stream =
                bench().request(
                                "GET",
                                "/a%20b?q=%2F",
                                HeaderList.of("X-One", "1", "Accept", "*/*", "X-One", "2"),
                                true);
        OriginConnection origin = listener().accept();

        String head = origin.receiveHead();
        origin.send("HTTP/1.1 418 Odd\r\nX-Two: a\r\nx-two: b\r\nContent-Length: 0\r\n\r\n");

        assertThat(head).startsWith("GET /a%20b?q=%2F HTTP/1.1\r\n");
        assertThat(head.toLowerCase(java.util.Locale.ROOT))
                .contains("host: app.example.com\r\n", "x-one: 1\r\n", "x-one: 2\r\n")
                .doesNotContain("x-forwarded-host", "user-agent", "transfer-encoding");
        assertThat(stream.awaitResponse().status()).isEqualTo(418);
        assertThat(stream.awaitResponse().headers().all("x-two")).containsExactly("a", "b");
        assertThat(stream.awaitEnd()).isEmpty();
    }

    @Test
    void aForcedHostHeaderKeepsThePublicNameBeside() throws Exception {
        OriginRequest d = OriginRequest.DEFAULT;
        OriginRequest forced =
                new OriginRequest(
                        d.connectTimeout(),
                        d.tlsTimeout(),
                        d.tcpKeepAlive(),
                        false,
                        1,
                        d.keepAliveTimeout(),
                        false,
                        false,
                        "inside.example",
                        null,
                        false,
                        null,
                        false);
        bench("http://127.0.0.1:" + listener().port(), forced).get("/");

        assertThat(listener().accept().receiveHead().toLowerCase(java.util.Locale.ROOT))
                .contains("host: inside.example\r\n", "x-forwarded-host: app.example.com\r\n");
    }

    @Test
    void aHeadThatHttp1CannotCarryIsRefusedAndHarmsNoOther() throws Exception {
        Bench open = bench();
        TunnelStream other = open.get("/other");
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        assertThat(failure(open.get("/with a space HTTP/1.1")).code())
                .isEqualTo(OriginFailure.Code.PROTOCOL);

        origin.send(OK);
        assertThat(text(other.awaitEnd())).isEqualTo("ok");
        assertThat(failure(open.get("/again a space")).code())
                .isEqualTo(OriginFailure.Code.PROTOCOL);
    }

    @Test
    void anInterimAnswerIsNotTheAnswer() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        origin.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK);

        assertThat(stream.awaitResponse().status()).isEqualTo(200);
        assertThat(text(stream.awaitEnd())).isEqualTo("ok");
    }

    // ---- answers

    @Test
    void answersWithoutABodyEnd() throws Exception {
        Bench open = bench();
        TunnelStream first = open.request("HEAD", "/", new HeaderList(2), true);
        OriginConnection origin = listener().accept();
        origin.receiveHead();
        origin.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        assertThat(first.awaitEnd()).isEmpty();
        assertThat(first.awaitResponse().headers().first("content-length")).isEqualTo("1000");
        for (int status : new int[] {204, 304}) {
            TunnelStream next = open.get("/");
            origin.receiveHead();
            origin.send("HTTP/1.1 " + status + " X\r\n\r\n");
            assertThat(next.awaitEnd()).isEmpty();
            assertThat(next.awaitResponse().status()).isEqualTo(status);
        }
    }

    @Test
    void takesChunkedAnswersAsTheyComeWithTrailers() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        origin.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n");
        assertThat(stream.awaitResponse().status()).isEqualTo(200);
        origin.send("3\r\nabc\r\n");
        assertThat(text(stream.awaitBytes(3))).isEqualTo("abc");
        origin.send("2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n");

        assertThat(text(stream.awaitEnd())).isEqualTo("abcde");
        assertThat(stream.awaitTrailers().first("x-sum")).isEqualTo("5");
    }

    @Test
    void aBodyWithoutALengthEndsWithTheConnection() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        origin.send("HTTP/1.1 200 OK\r\n\r\nall of it");
        origin.endOutput();

        assertThat(text(stream.awaitEnd())).isEqualTo("all of it");
        origin.awaitOver();
    }

    @Test
    void aCutAnswerIsAResetAndNotAnEnd() throws Exception {
        for (String head : new String[] {"Content-Length: 10", "Transfer-Encoding: chunked"}) {
            Bench open = bench == null ? bench() : bench;
            TunnelStream stream = open.get("/");
            OriginConnection origin = listener().accept();
            origin.receiveHead();
            origin.send("HTTP/1.1 200 OK\r\n" + head + "\r\n\r\n4\r\nab");
            origin.close();
            assertThat(stream.awaitFault().kind()).isNotEqualTo(StreamFault.Kind.NOT_READ);
        }
    }

    @Test
    void nonsenseIsToldAsProtocol() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        origin.send("220 mail.example ESMTP\r\n\r\n");

        assertThat(failure(stream).code()).isEqualTo(OriginFailure.Code.PROTOCOL);
        origin.awaitOver();
    }

    @Test
    void aReaderThatStopsStopsTheOriginWithinTheBound() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();
        byte[] body = Origins.noise(24 * MIB);
        stream.stopReading();
        origin.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");

        int taken = origin.sendUntilStopped(body);

        assertThat(stream.receivedCount()).isLessThanOrEqualTo(MIB + 128 * 1024);
        assertThat(taken).isLessThan(KERNEL + 2 * MIB);
        stream.readAgain();
        origin.send(Arrays.copyOfRange(body, taken, body.length));
        assertThat(Arrays.equals(stream.awaitEnd(), body)).isTrue();
    }

    // ---- request bodies

    @Test
    void anOriginThatDoesNotReadStopsTheUploadWithinTheBound() throws Exception {
        byte[] body = Origins.noise(24 * MIB);
        TunnelStream stream =
                bench().request(
                                "POST",
                                "/",
                                HeaderList.of("Content-Length", "" + body.length),
                                false);
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        int taken = stream.sendUntilStopped(body);

        assertThat(taken).isLessThan(KERNEL + 2 * TunnelStream.WINDOW);
        Thread rest =
                Thread.ofVirtual()
                        .start(() -> {
                            stream.send(Arrays.copyOfRange(body, taken, body.length));
                            stream.end();
                        });
        assertThat(Arrays.equals(origin.receive(body.length), body)).isTrue();
        rest.join();
        origin.send(OK);
        assertThat(text(stream.awaitEnd())).isEqualTo("ok");
        stream.awaitAllCredit();
    }

    @Test
    void aBodyWithoutALengthIsChunkedWithItsTrailers() throws Exception {
        TunnelStream stream = bench().request("PUT", "/", new HeaderList(2), false);
        OriginConnection origin = listener().accept();
        assertThat(origin.receiveHead()).containsIgnoringCase("transfer-encoding: chunked");

        stream.send(bytes("hello"));
        stream.sendTrailers(HeaderList.of("x-sum", "1"));

        String wire = "5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n";
        assertThat(text(origin.receive(wire.length()))).isEqualTo(wire);
        origin.send(OK);
        stream.awaitEnd();
    }

    @Test
    void anAnswerBeforeTheBodyIsWholeIsCompleteAndTheRestNotRead() throws Exception {
        Bench open = bench();
        TunnelStream stream =
                open.request("POST", "/", HeaderList.of("Content-Length", "1000000"), false);
        OriginConnection origin = listener().accept();
        origin.receiveHead();
        stream.send(new byte[10]);

        origin.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");

        assertThat(text(stream.awaitEnd())).isEqualTo("no");
        assertThat(stream.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        origin.awaitOver();
        open.awaitNoStreams();
        TunnelStream next = open.get("/next");
        OriginConnection fresh = listener().accept();
        assertThat(fresh.receiveHead()).startsWith("GET /next");
        fresh.send(OK);
        next.awaitEnd();
    }

    // ---- kept connections

    @Test
    void aConnectionServesOneRequestAfterTheOther() throws Exception {
        Bench open = bench();
        OriginConnection origin = null;
        for (int i = 0; i < 5; i++) {
            TunnelStream stream = open.get("/" + i);
            origin = origin == null ? listener().accept() : origin;
            assertThat(origin.receiveHead()).startsWith("GET /" + i + " ");
            origin.send(OK);
            stream.awaitEnd();
        }
        assertThat(listener().isQuiet()).isTrue();
    }

    private OriginConnection used(Bench open) throws Exception {
        TunnelStream first = open.get("/first");
        OriginConnection origin = listener().accept();
        origin.receiveHead();
        origin.send(OK);
        first.awaitEnd();
        return origin;
    }

    @Test
    void aGetOnAConnectionThatDiesIsTriedOnceMore() throws Exception {
        Bench open = bench();
        OriginConnection stale = used(open);
        TunnelStream second = open.get("/second");
        stale.receiveHead();
        stale.close();

        OriginConnection fresh = listener().accept();
        assertThat(fresh.receiveHead()).startsWith("GET /second");
        fresh.close();

        assertThat(failure(second).code()).isEqualTo(OriginFailure.Code.CLOSED);
        assertThat(listener().isQuiet()).isTrue();
    }

    @Test
    void aPostIsNeverTriedTwice() throws Exception {
        Bench open = bench();
        OriginConnection stale = used(open);
        TunnelStream second = open.request("POST", "/", HeaderList.of("Content-Length", "0"), true);
        stale.receiveHead();
        stale.close();

        assertThat(failure(second).code()).isEqualTo(OriginFailure.Code.CLOSED);
        assertThat(listener().isQuiet()).isTrue();
    }

    @Test
    void aConnectionTheOriginWantsClosedIsNotKept() throws Exception {
        Bench open = bench();
        TunnelStream first = open.get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();
        origin.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        first.awaitEnd();

        origin.awaitOver();
    }

    @Test
    void bytesNobodyAskedForEndAnIdleConnection() throws Exception {
        OriginConnection origin = used(bench());

        origin.send(OK);

        origin.awaitOver();
    }

    // ---- resets and failures

    @Test
    void theCallersResetClosesTheOriginsConnection() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        stream.reset();

        origin.awaitOver();
    }

    @Test
    void aLostTunnelClosesTheOriginsConnection() throws Exception {
        Bench open = bench();
        open.get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();

        open.cut();

        origin.awaitOver();
        open.awaitNoStreams();
    }

    @Test
    void anOriginThatClosesBeforeItAnswersIsToldAsClosed() throws Exception {
        TunnelStream stream = bench().get("/");
        OriginConnection origin = listener().accept();
        origin.receiveHead();
        origin.close();

        assertThat(failure(stream).code()).isEqualTo(OriginFailure.Code.CLOSED);
    }

    @Test
    void failuresToDialHaveTheirReason() throws Exception {
        assertThat(
                        failure(
                                        bench(
                                                        "http://127.0.0.1:"
                                                                + ScriptedOrigin.closedPort(),
                                                        OriginRequest.DEFAULT)
                                                .request("POST", "/", new HeaderList(1), false))
                                .code())
                .isEqualTo(OriginFailure.Code.REFUSED);
        Objects.requireNonNull(bench).awaitNoStreams();
    }

    @Test
    void aDeafOriginIsToldAsTimedOut() throws Exception {
        int[] port = new int[1];
        try (AutoCloseable deaf = ScriptedOrigin.deaf(port)) {
            TunnelStream stream =
                    bench(
                                    "http://127.0.0.1:" + port[0],
                                    Origins.connectWithin(Duration.ofMillis(300)))
                            .get("/");
            assertThat(failure(stream).code()).isEqualTo(OriginFailure.Code.TIMED_OUT);
        }
    }

    // ---- unix

    @Test
    void speaksToAUnixSocket() throws Exception {
        Path socket = Objects.requireNonNull(directory).resolve("app.sock");
        try (ScriptedOrigin unix = ScriptedOrigin.listen(socket)) {
            TunnelStream stream = bench("unix:" + socket, OriginRequest.DEFAULT).get("/");
            OriginConnection origin = unix.accept();
            assertThat(origin.receiveHead()).containsIgnoringCase("host: app.example.com");
            origin.send(OK);
            assertThat(text(stream.awaitEnd())).isEqualTo("ok");
        }
    }

    @Test
    void aMissingUnixSocketIsToldAsRefused() throws Exception {
        Path socket = Objects.requireNonNull(directory).resolve("none.sock");

        assertThat(failure(bench("unix:" + socket, OriginRequest.DEFAULT).get("/")).code())
                .isEqualTo(OriginFailure.Code.REFUSED);
    }

    // ---- WebSocket

    private TunnelStream upgrade(Bench open, HeaderList headers) {
        headers.add("Sec-WebSocket-Key", WebSocketClient.KEY);
        return open.open(
                new StreamRequest(StreamKind.WEBSOCKET, "GET", Bench.HOST, "/ws", headers, false));
    }

    @Test
    void anAcceptedWebSocketPassesRawBytesFromTheFirstOn() throws Exception {
        TunnelStream stream = upgrade(bench(), new HeaderList(2));
        OriginConnection origin = listener().accept();
        assertThat(origin.receiveHead())
                .containsIgnoringCase("upgrade: websocket")
                .containsIgnoringCase("connection: upgrade")
                .contains(WebSocketClient.KEY);

        origin.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: "
                        + WebSocketClient.ACCEPT
                        + "\r\n\r\nfirst");
        assertThat(stream.awaitResponse().status()).isEqualTo(101);
        assertThat(stream.awaitResponse().headers().first("sec-websocket-accept"))
                .isEqualTo(WebSocketClient.ACCEPT);
        assertThat(text(stream.awaitBytes(5))).isEqualTo("first");
        byte[] up = Origins.noise(300_000);
        Thread sending = Thread.ofVirtual().start(() -> stream.send(up));
        assertThat(origin.receive(up.length)).isEqualTo(up);
        sending.join();
        stream.end();
        assertThat(origin.receiveToEnd()).isEmpty();
        origin.close();
        stream.awaitEnd();
        Objects.requireNonNull(bench).awaitNoStreams();
    }

    @Test
    void aRefusedWebSocketPassesTheAnswerAndLeavesNothing() throws Exception {
        Bench open = bench();
        TunnelStream stream = upgrade(open, HeaderList.of("Content-Length", "100"));
        OriginConnection origin = listener().accept();
        assertThat(origin.receiveHead()).doesNotContainIgnoringCase("content-length");

        origin.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");

        assertThat(stream.awaitResponse().status()).isEqualTo(403);
        assertThat(text(stream.awaitEnd())).isEqualTo("no");
        open.awaitNoStreams();
    }
}
