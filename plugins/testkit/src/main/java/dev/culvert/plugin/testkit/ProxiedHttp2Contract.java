package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.plugin.testkit.Http2Connection.Frame;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for a plugin whose `https` services are spoken HTTP/2 to with `http2Origin`, where TLS agrees
/// on it: gRPC in its four forms, shared connections, refusals and retries, and HTTP/1.1 otherwise.
@ParameterizedClass
@EnumSource(Arrangement.class)
@ExtendWith(LeakCheck.class)
public abstract class ProxiedHttp2Contract {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Parameter Arrangement arrangement = Arrangement.DIRECT;

    private final TestAuthority authority = new TestAuthority();
    private @Nullable Http2Listener listener;
    private @Nullable Bench bench;

    protected abstract OriginPlugin plugin();

    @AfterEach
    final void nothingIsLeft() throws Exception {
        try (Http2Listener unused = listener) {
            if (bench != null) {
                bench.close();
            }
        }
    }

    private Bench bench(boolean sniToHost, int keepAlive, String... protocols) throws Exception {
        Http2Listener origin = new Http2Listener(authority, protocols);
        listener = origin;
        OriginRequest d = OriginRequest.DEFAULT;
        Bench made =
                new Bench(
                        arrangement,
                        Origins.configure(
                                plugin(),
                                "https://127.0.0.1:" + origin.port(),
                                new OriginRequest(
                                        d.connectTimeout(),
                                        d.tlsTimeout(),
                                        d.tcpKeepAlive(),
                                        false,
                                        keepAlive,
                                        d.keepAliveTimeout(),
                                        false,
                                        true,
                                        null,
                                        null,
                                        sniToHost,
                                        null,
                                        true)));
        bench = made;
        return made;
    }

    private Bench bench() throws Exception {
        return bench(false, 100, "h2", "http/1.1");
    }

    private Http2Listener listener() {
        return Objects.requireNonNull(listener);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static TunnelStream call(Bench bench, HeaderList more) {
        HeaderList headers = HeaderList.of("content-type", "application/grpc");
        more.forEach(headers::add);
        return bench.request("POST", "/shop.Orders/Place", headers, false);
    }

    /// A message as gRPC has it in a body: not compressed, four bytes of length, the message.
    private static String message(String text) {
        return "\0\0\0\0" + (char) text.length() + text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static OriginFailure failure(TunnelStream stream) {
        return Objects.requireNonNull(stream.awaitResponse().failure());
    }

    // ---- gRPC

    @Test
    void aUnaryCallHasItsStatusInTheTrailers() throws Exception {
        TunnelStream stream = call(bench(), HeaderList.of("te", "trailers", "x-key", "a"));
        Http2Connection origin = listener().acceptHttp2();
        stream.send(bytes(message("order")));
        stream.end();

        Frame head = origin.request();
        assertThat(head.fields().first(":method")).isEqualTo("POST");
        assertThat(head.fields().first(":scheme")).isEqualTo("https");
        assertThat(head.fields().first(":authority")).isEqualTo(Bench.HOST);
        assertThat(head.fields().first(":path")).isEqualTo("/shop.Orders/Place");
        assertThat(head.fields().all("te")).containsExactly("trailers");
        assertThat(head.fields().first("x-key")).isEqualTo("a");
        assertThat(head.fields().contains("host")).isFalse();
        assertThat(text(origin.body())).isEqualTo(message("order"));
        origin.headers(head.stream(), false, ":status", "200", "content-type", "application/grpc");
        origin.data(head.stream(), message("done"), false);
        origin.headers(head.stream(), true, "grpc-status", "0", "grpc-message", "fine");

        assertThat(stream.awaitTrailers().first("grpc-status")).isEqualTo("0");
        assertThat(stream.awaitTrailers().first("grpc-message")).isEqualTo("fine");
        assertThat(text(stream.awaitEnd())).isEqualTo(message("done"));
        assertThat(stream.awaitResponse().headers().first("content-type"))
                .isEqualTo("application/grpc");
        stream.awaitAllCredit();
    }

    @Test
    void anAnswerOfTrailersOnlyIsAHeadAndAnEnd() throws Exception {
        TunnelStream stream = call(bench(), new HeaderList(2));
        Http2Connection origin = listener().acceptHttp2();
        stream.send(bytes(message("x")));
        stream.end();
        Frame head = origin.request();
        origin.body();

        origin.headers(head.stream(), true, ":status", "200", "grpc-status", "12");

        assertThat(stream.awaitEnd()).isEmpty();
        assertThat(stream.awaitResponse().headers().first("grpc-status")).isEqualTo("12");
    }

    @Test
    void messagesPassOneByOneInBothDirections() throws Exception {
        TunnelStream stream = call(bench(), new HeaderList(2));
        Http2Connection origin = listener().acceptHttp2();
        Frame head = origin.request();
        origin.headers(head.stream(), false, ":status", "200");
        assertThat(stream.awaitResponse().status()).isEqualTo(200);
        StringBuilder received = new StringBuilder();

        for (String word : new String[] {"one", "two", "three"}) {
            stream.send(bytes(message(word)));
            assertThat(origin.next().text()).isEqualTo(message(word));
            origin.data(head.stream(), message(word), false);
            received.append(message(word));
            assertThat(text(stream.awaitBytes(received.length()))).isEqualTo(received.toString());
        }
        stream.end();
        assertThat(origin.next().end()).isTrue();
        origin.headers(head.stream(), true, "grpc-status", "0");

        assertThat(stream.awaitTrailers().first("grpc-status")).isEqualTo("0");
        Objects.requireNonNull(bench).awaitNoStreams();
    }

    @Test
    void aServerThatEndsACallWhileTheClientSpeaksEndsIt() throws Exception {
        TunnelStream stream = call(bench(), new HeaderList(2));
        Http2Connection origin = listener().acceptHttp2();
        Frame head = origin.request();
        stream.send(bytes(message("one")));
        origin.next();

        origin.headers(head.stream(), false, ":status", "200");
        origin.headers(head.stream(), true, "grpc-status", "8");

        assertThat(stream.awaitTrailers().first("grpc-status")).isEqualTo("8");
        assertThat(stream.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        assertThat(origin.next().isReset()).isTrue();
        Objects.requireNonNull(bench).awaitNoStreams();
    }

    // ---- ends before their time

    @Test
    void theClientsResetReachesTheOriginAndHarmsNoOther() throws Exception {
        Bench open = bench();
        TunnelStream stream = call(open, new HeaderList(2));
        Http2Connection origin = listener().acceptHttp2();
        Frame head = origin.request();
        TunnelStream other = open.get("/other");
        Frame second = origin.request();

        stream.reset();

        Frame reset = origin.next();
        assertThat(reset.isReset()).isTrue();
        assertThat(reset.stream()).isEqualTo(head.stream());
        assertThat(reset.code()).isEqualTo(Http2Connection.CANCEL);
        origin.answer(second.stream(), "ok");
        assertThat(text(other.awaitEnd())).isEqualTo("ok");
    }

    @Test
    void aResetOfTheOriginInItsAnswerIsACut() throws Exception {
        for (int code : new int[] {Http2Connection.CANCEL, Http2Connection.INTERNAL_ERROR}) {
            Bench open = bench == null ? bench() : bench;
            TunnelStream stream = open.get("/");
            Http2Connection origin = listener().acceptHttp2();
            Frame head = origin.request();
            origin.headers(head.stream(), false, ":status", "200");
            origin.data(head.stream(), "half", false);
            assertThat(text(stream.awaitBytes(4))).isEqualTo("half");

            origin.reset(head.stream(), code);

            assertThat(stream.awaitFault().kind()).isNotEqualTo(StreamFault.Kind.NOT_READ);
            origin.close();
        }
    }

    @Test
    void aResetBeforeTheAnswerIsTold() throws Exception {
        TunnelStream stream = bench().get("/");
        Http2Connection origin = listener().acceptHttp2();

        origin.reset(origin.request().stream(), Http2Connection.INTERNAL_ERROR);

        assertThat(failure(stream).code()).isEqualTo(OriginFailure.Code.PROTOCOL);
        assertThat(failure(stream).detail()).contains("code 2");
    }

    // ---- refusals

    @Test
    void aRefusedStreamIsTriedAgainAsLongAsNoBodyWentOut() throws Exception {
        Bench open = bench();
        TunnelStream stream = open.get("/again");
        Http2Connection origin = listener().acceptHttp2();
        origin.reset(origin.request().stream(), Http2Connection.REFUSED_STREAM);
        Frame second = origin.request();
        origin.answer(second.stream(), "ok");
        assertThat(text(stream.awaitEnd())).isEqualTo("ok");

        TunnelStream upload = open.request("POST", "/", new HeaderList(2), false);
        upload.send(bytes("once"));
        Frame third = origin.request();
        origin.next();
        origin.reset(third.stream(), Http2Connection.REFUSED_STREAM);

        assertThat(failure(upload).code()).isEqualTo(OriginFailure.Code.CLOSED);
        upload.awaitAllCredit();
    }

    @Test
    void anOriginThatRefusesEachTimeIsAskedThreeTimes() throws Exception {
        TunnelStream stream = bench().get("/");
        Http2Connection origin = listener().acceptHttp2();
        for (int i = 0; i < 3; i++) {
            origin.reset(origin.request().stream(), Http2Connection.REFUSED_STREAM);
        }

        assertThat(failure(stream).detail()).contains("refused the request");
    }

    @Test
    void afterAGoAwayTheOldStreamEndsAndTheNewGoElsewhere() throws Exception {
        Bench open = bench();
        TunnelStream old = open.get("/old");
        Http2Connection first = listener().acceptHttp2();
        Frame oldHead = first.request();
        TunnelStream unseen = open.request("POST", "/unseen", HeaderList.of("a", "b"), true);
        first.request();

        first.goAway(oldHead.stream());

        Http2Connection second = listener().acceptHttp2();
        Frame again = second.request();
        assertThat(again.fields().first(":path")).isEqualTo("/unseen");
        second.answer(again.stream(), "again");
        assertThat(text(unseen.awaitEnd())).isEqualTo("again");
        first.answer(oldHead.stream(), "whole");
        assertThat(text(old.awaitEnd())).isEqualTo("whole");
        TunnelStream next = open.get("/next");
        second.answer(second.request().stream(), "ok");
        assertThat(text(next.awaitEnd())).isEqualTo("ok");
        first.awaitOver();
    }

    // ---- connections

    @Test
    void streamsShareAConnectionUpToTheOriginsLimit() throws Exception {
        Bench open = bench();
        TunnelStream[] streams = new TunnelStream[5];
        streams[0] = open.get("/0");
        Http2Connection first = listener().acceptHttp2(Http2Connection.MAX_CONCURRENT_STREAMS, 4);
        int[] ids = new int[5];
        ids[0] = first.request().stream();
        for (int i = 1; i < 5; i++) {
            streams[i] = open.get("/" + i);
            if (i < 4) {
                ids[i] = first.request().stream();
            }
        }
        Http2Connection second = listener().acceptHttp2();
        ids[4] = second.request().stream();

        second.answer(ids[4], "other");
        for (int i = 0; i < 4; i++) {
            first.answer(ids[i], "body " + i);
        }

        for (int i = 0; i < 4; i++) {
            assertThat(text(streams[i].awaitEnd())).isEqualTo("body " + i);
        }
        assertThat(text(streams[4].awaitEnd())).isEqualTo("other");
        assertThat(listener().isQuiet()).isTrue();
    }

    @Test
    void aKeptConnectionThatDiedIsNotUsed() throws Exception {
        Bench open = bench();
        TunnelStream stream = open.get("/1");
        Http2Connection first = listener().acceptHttp2();
        first.answer(first.request().stream(), "ok");
        stream.awaitEnd();
        first.close();

        TunnelStream next = open.get("/2");
        Http2Connection second = listener().acceptHttp2();
        second.answer(second.request().stream(), "ok");

        assertThat(text(next.awaitEnd())).isEqualTo("ok");
    }

    @Test
    void withNoneToKeepAnIdleConnectionGoes() throws Exception {
        TunnelStream stream = bench(false, 0, "h2").get("/");
        Http2Connection origin = listener().acceptHttp2();
        origin.answer(origin.request().stream(), "ok");
        assertThat(text(stream.awaitEnd())).isEqualTo("ok");

        assertThat(origin.awaitOver()).isTrue();
    }

    @Test
    void aConnectionVerifiedForOneNameServesNoOther() throws Exception {
        Bench open = bench(true, 100, "h2");
        for (String host : new String[] {"a.example.com", "b.example.com"}) {
            TunnelStream stream =
                    open.open(
                            new StreamRequest(
                                    StreamKind.HTTP, "GET", host, "/", new HeaderList(2), true));
            SSLSocket socket = listener().accept();
            assertThat(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames() + "")
                    .contains(host);
            Http2Connection origin = new Http2Connection(socket);
            origin.answer(origin.request().stream(), "ok");
            stream.awaitEnd();
        }
    }

    @Test
    void aReaderThatStopsStopsItsStreamOnly() throws Exception {
        Bench open = bench();
        TunnelStream stopped = open.get("/stopped");
        Http2Connection origin = listener().acceptHttp2();
        int id = origin.request().stream();
        stopped.stopReading();
        origin.headers(id, false, ":status", "200");
        // The window of a stream, as its SETTINGS say.
        for (int sent = 0; sent < 512 * 1024; sent += 16 * 1024) {
            origin.data(id, new byte[16 * 1024], false);
        }

        TunnelStream other = open.get("/other");
        origin.answer(origin.request().stream(), "ok");

        assertThat(text(other.awaitEnd())).isEqualTo("ok");
        stopped.readAgain();
        origin.data(id, "end", true);
        assertThat(stopped.awaitEnd()).hasSize(512 * 1024 + 3);
    }

    // ---- 100-continue

    @Test
    void aBodyThatNobodyAskedForGoesAfterASecond() throws Exception {
        TunnelStream stream =
                bench().request("POST", "/", HeaderList.of("Expect", "100-continue"), false);
        Http2Connection origin = listener().acceptHttp2();
        stream.send(bytes("body"));
        stream.end();
        Frame head = origin.request();
        long asked = System.nanoTime();

        assertThat(text(origin.body())).isEqualTo("body");

        assertThat(Duration.ofNanos(System.nanoTime() - asked))
                .isGreaterThan(Duration.ofMillis(700));
        origin.answer(head.stream(), "ok");
        assertThat(text(stream.awaitEnd())).isEqualTo("ok");
    }

    @Test
    void aFinalAnswerKeepsTheBodyBack() throws Exception {
        TunnelStream stream =
                bench().request("POST", "/", HeaderList.of("Expect", "100-continue"), false);
        Http2Connection origin = listener().acceptHttp2();
        stream.send(bytes("body"));
        Frame head = origin.request();

        origin.headers(head.stream(), true, ":status", "417");

        assertThat(stream.awaitResponse().status()).isEqualTo(417);
        assertThat(stream.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
        assertThat(origin.next().isReset()).isTrue();
        stream.awaitAllCredit();
    }

    // ---- HTTP/1.1

    private static void serve(SSLSocket socket, String path, String answer) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("the end in the head: " + head);
            }
            head.append((char) next);
        }
        assertThat(head.toString()).startsWith("GET " + path + " HTTP/1.1\r\n");
        socket.getOutputStream().write(bytes(answer));
        socket.getOutputStream().flush();
    }

    @Test
    void anOriginWithoutHttp2IsSpokenHttp1ToOnKeptConnections() throws Exception {
        Bench open = bench(false, 100, "http/1.1");
        TunnelStream first = open.get("/1");
        SSLSocket socket = listener().accept();
        assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        serve(socket, "/1", OK);
        assertThat(text(first.awaitEnd())).isEqualTo("ok");

        TunnelStream second = open.get("/2");
        serve(socket, "/2", OK);

        assertThat(text(second.awaitEnd())).isEqualTo("ok");
        assertThat(listener().isQuiet()).isTrue();
    }

    @Test
    void aWebSocketIsHttp1AlsoBesideHttp2() throws Exception {
        Bench open = bench();
        TunnelStream plain = open.get("/");
        Http2Connection http2 = listener().acceptHttp2();
        http2.answer(http2.request().stream(), "ok");
        plain.awaitEnd();

        TunnelStream stream =
                open.open(
                        new StreamRequest(
                                StreamKind.WEBSOCKET,
                                "GET",
                                Bench.HOST,
                                "/ws",
                                HeaderList.of("Sec-WebSocket-Key", WebSocketClient.KEY),
                                false));
        SSLSocket socket = listener().accept();
        assertThat(socket.getApplicationProtocol()).isEmpty();
        serve(
                socket,
                "/ws",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade:"
                        + " websocket\r\nSec-WebSocket-Accept: "
                        + WebSocketClient.ACCEPT
                        + "\r\n\r\nraw");

        assertThat(stream.awaitResponse().status()).isEqualTo(101);
        assertThat(text(stream.awaitBytes(3))).isEqualTo("raw");
        stream.reset();
    }
}
