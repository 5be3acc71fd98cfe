package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.protocols.websocket.Opcode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for every service of plain bytes: carriage, ends, resets, back-pressure, failures to dial.
///
/// A sub-class names the plugin and what both sides of its protocol say first.
@ParameterizedClass
@EnumSource(Arrangement.class)
@ExtendWith(LeakCheck.class)
public abstract class ByteOriginContract {
    private static final int MIB = 1024 * 1024;

    /// What may lie in the kernel's buffers of a loopback connection, both ends together.
    private static final int KERNEL = 10 * MIB;

    @Parameter Arrangement arrangement = Arrangement.DIRECT;

    private @Nullable ScriptedOrigin listener;
    private @Nullable Bench bench;

    protected abstract OriginPlugin plugin();

    /// One of the plugin's schemes that take `HOST:PORT`.
    protected abstract String scheme();

    /// Valid first bytes of a client; at least two.
    protected abstract byte[] clientOpening();

    /// Valid first bytes of an origin; at least two.
    protected abstract byte[] originOpening();

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
        if (listener == null) {
            throw new AssertionError("not listening");
        }
        return listener;
    }

    private Bench bench(String address, OriginRequest settings) throws Exception {
        Bench made =
                new Bench(
                        arrangement, Origins.bytes(plugin(), scheme() + "://" + address, settings));
        bench = made;
        return made;
    }

    private WebSocketClient open(boolean halfClose) throws Exception {
        return bench("127.0.0.1:" + listener().port(), OriginRequest.DEFAULT)
                .openWebSocket(halfClose);
    }

    private void greet(WebSocketClient client, OriginConnection origin) throws Exception {
        client.send(clientOpening());
        assertThat(origin.receive(clientOpening().length)).isEqualTo(clientOpening());
        origin.send(originOpening());
        assertThat(client.awaitData(originOpening().length)).isEqualTo(originOpening());
    }

    private void noStreamIsLeft() {
        if (bench != null) {
            bench.awaitNoStreams();
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    // ---- carriage

    @Test
    void carriesExactBytesBothWays() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);
        byte[] up = Origins.noise(300_001);
        byte[] down = Origins.noise(400_003);

        client.sendUntilStopped(up);
        assertThat(origin.receive(up.length)).isEqualTo(up);
        origin.send(down);

        assertThat(client.awaitData(originOpening().length + down.length))
                .isEqualTo(joined(originOpening(), down));
        assertThat(client.largestMessage()).isLessThanOrEqualTo(16 * 1024);
        client.stream().awaitAllCredit();
    }

    @Test
    void answersTheHandshakeWithTheAcceptOfItsKey() throws Exception {
        StreamResponse plain = open(false).accepted().stream().awaitResponse();

        assertThat(plain.headers().first("Sec-WebSocket-Accept")).isEqualTo(WebSocketClient.ACCEPT);
        assertThat(plain.headers().contains("Sec-WebSocket-Protocol")).isFalse();
    }

    @Test
    void selectsTheSubprotocolOfHalfCloseWhenItIsOffered() throws Exception {
        StreamResponse accepted = open(true).accepted().stream().awaitResponse();

        assertThat(accepted.headers().first("Sec-WebSocket-Protocol"))
                .isEqualTo("culvert.stream.v1");
    }

    @Test
    void takesTextFragmentsAndSingleBytesAsBytes() throws Exception {
        WebSocketClient client = open(false).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.text("tëxt");
        client.stream().send(WebSocketClient.frame(false, Opcode.BINARY, new byte[] {1, 2}));
        client.ping("between fragments");
        client.stream().send(WebSocketClient.frame(false, Opcode.CONTINUATION, new byte[0]));
        client.stream().send(WebSocketClient.frame(true, Opcode.CONTINUATION, new byte[] {3}));
        byte[] text = "tëxt".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(origin.receive(text.length + 3)).isEqualTo(joined(text, new byte[] {1, 2, 3}));
        assertThat(client.awaitPong()).isEqualTo("between fragments");

        byte[] single = Origins.noise(2000);
        for (byte one : single) {
            client.send(new byte[] {one});
        }
        assertThat(origin.receive(single.length)).isEqualTo(single);
        client.stream().awaitAllCredit();
    }

    @Test
    void takesManySmallMessagesInOnePiece() throws Exception {
        WebSocketClient client = open(false).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);
        byte[] bytes = Origins.noise(20_000);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (byte one : bytes) {
            wire.writeBytes(WebSocketClient.frame(true, Opcode.BINARY, new byte[] {one}));
        }

        client.stream().send(wire.toByteArray());

        assertThat(origin.receive(bytes.length)).isEqualTo(bytes);
        client.stream().awaitAllCredit();
    }

    @Test
    void takesMessagesOfAnyLength() throws Exception {
        WebSocketClient client = open(false).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);
        byte[] large = Origins.noise(200_000);

        client.send(large);

        assertThat(origin.receive(large.length)).isEqualTo(large);
    }

    @Test
    void emptyMessagesAreNothingWithoutTheSubprotocol() throws Exception {
        WebSocketClient client = open(false).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.send(new byte[0]);
        client.send(new byte[] {7});

        assertThat(origin.receive(1)).containsExactly(7);
    }

    @Test
    void unmaskedFramesAreRefusedAsBrokenProtocol() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.stream().send(new byte[] {(byte) 0x82, 1, 'x'});

        assertThat(client.awaitClose()).isEqualTo(CloseCode.PROTOCOL_ERROR);
        origin.awaitOver();
        noStreamIsLeft();
    }

    // ---- ends

    @Test
    void theClientsHalfCloseLeavesTheOriginsDirectionOpen() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.send(new byte[] {1, 2, 3});
        client.endData();
        assertThat(origin.receiveToEnd()).containsExactly(1, 2, 3);
        byte[] late = Origins.noise(100_000);
        origin.send(late);
        origin.endOutput();

        assertThat(client.awaitDataEnd()).isEqualTo(joined(originOpening(), late));
        assertThat(client.awaitClose()).isEqualTo(CloseCode.NORMAL);
        noStreamIsLeft();
    }

    @Test
    void theOriginsHalfCloseLeavesTheClientsDirectionOpen() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        origin.endOutput();
        assertThat(client.awaitDataEnd()).isEqualTo(originOpening());
        byte[] late = Origins.noise(100_000);
        client.sendUntilStopped(late);
        client.endData();

        assertThat(origin.receiveToEnd()).isEqualTo(late);
        assertThat(client.awaitClose()).isEqualTo(CloseCode.NORMAL);
        noStreamIsLeft();
    }

    @Test
    void withoutTheSubprotocolTheClientsCloseEndsBoth() throws Exception {
        WebSocketClient client = open(false).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.send(new byte[] {9});
        client.close(CloseCode.NORMAL);

        assertThat(origin.receiveToEnd()).containsExactly(9);
        assertThat(client.awaitClose()).isEqualTo(CloseCode.NORMAL);
        noStreamIsLeft();
    }

    @Test
    void withoutTheSubprotocolTheOriginsEndEndsBoth() throws Exception {
        WebSocketClient client = open(false).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        origin.send(new byte[] {9});
        origin.endOutput();

        assertThat(client.awaitClose()).isEqualTo(CloseCode.NORMAL);
        assertThat(client.receivedData()).isEqualTo(joined(originOpening(), new byte[] {9}));
        assertThat(origin.receiveToEnd()).isEmpty();
        noStreamIsLeft();
    }

    @Test
    void aClientThatLeavesWithoutACloseFrameEndsBoth() throws Exception {
        WebSocketClient client = open(false).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.stream().end();

        assertThat(origin.receiveToEnd()).isEmpty();
        client.stream().awaitEnd();
        noStreamIsLeft();
    }

    @Test
    void aClosedWebSocketClosesAnOriginThatGoesOnSending() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.close(CloseCode.NORMAL);
        client.awaitClose();
        noStreamIsLeft();

        byte[] flood = new byte[1024 * 1024];
        Deadline.await(
                "the origin can send no more",
                () -> {
                    try {
                        return origin.sendUntilStopped(flood) < flood.length && !origin.isQuiet();
                    } catch (AssertionError broken) {
                        return true;
                    }
                });
    }

    @Test
    void closingTwiceIsOnce() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.close(CloseCode.NORMAL);
        client.close(CloseCode.NORMAL);
        client.stream().end();
        client.stream().reset();
        client.stream().reset();

        origin.awaitOver();
        noStreamIsLeft();
    }

    @Test
    void anOriginThatClosesAtOnceEndsTheStream() throws Exception {
        WebSocketClient client = open(false);
        listener().accept().close();

        client.accepted();
        assertThat(client.awaitClose()).isIn(CloseCode.NORMAL, CloseCode.BAD_GATEWAY);
        assertThat(client.receivedData()).isEmpty();
        noStreamIsLeft();
    }

    // ---- resets

    @Test
    void theClientsResetBreaksTheOriginsConnection() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        client.stream().reset();

        origin.awaitOver();
        noStreamIsLeft();
    }

    @Test
    void theOriginsResetIsToldInACloseFrame() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        origin.reset();

        assertThat(client.awaitClose()).isEqualTo(CloseCode.INTERNAL_ERROR);
        assertThat(client.closeReason()).contains("broke the connection");
        noStreamIsLeft();
    }

    @Test
    void aLostTunnelClosesTheOrigin() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);

        if (bench != null) {
            bench.cut();
        }

        origin.awaitOver();
        noStreamIsLeft();
    }

    // ---- back-pressure

    @Test
    void aReaderThatStopsStopsTheOriginWithinTheBound() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);
        byte[] bytes = Origins.noise(24 * MIB);

        client.stream().stopReading();
        int taken = origin.sendUntilStopped(bytes);

        // The connector holds 256 KiB and what one read brings; a carrier its window of 1 MiB.
        assertThat(client.stream().receivedCount()).isLessThanOrEqualTo(MIB + 128 * 1024);
        assertThat(taken).isLessThan(KERNEL + 2 * MIB);
        client.stream().readAgain();
        origin.send(Arrays.copyOfRange(bytes, taken, bytes.length));
        byte[] all = client.awaitData(originOpening().length + bytes.length);
        assertThat(Arrays.equals(all, joined(originOpening(), bytes))).isTrue();
    }

    @Test
    void anOriginThatDoesNotReadStopsTheClientWithinTheBound() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);
        byte[] bytes = Origins.noise(24 * MIB);

        int taken = client.sendUntilStopped(bytes);

        assertThat(taken).isLessThan(KERNEL + 2 * TunnelStream.WINDOW);
        assertThat(client.stream().unacknowledged()).isGreaterThan(0);
        Thread rest = Thread.ofVirtual().start(client::sendRest);
        byte[] all = origin.receive(bytes.length);
        rest.join();
        assertThat(Arrays.equals(all, bytes)).isTrue();
        client.stream().awaitAllCredit();
    }

    @Test
    void pingsOfAClientThatDoesNotReadAreNotHoarded() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);
        client.stream().stopReading();
        byte[] ping = WebSocketClient.frame(true, Opcode.PING, new byte[125]);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int i = 0; i < 16_000; i++) {
            wire.writeBytes(ping);
        }

        client.stream().send(wire.toByteArray());
        client.stream().awaitAllCredit();

        assertThat(client.stream().receivedCount()).isLessThan(MIB + 128 * 1024);
        client.stream().readAgain();
        client.send(new byte[] {5});
        assertThat(origin.receive(1)).containsExactly(5);
    }

    // ---- failures to dial

    private OriginFailure failure(WebSocketClient client) {
        OriginFailure failure = client.stream().awaitResponse().failure();
        assertThat(failure).isNotNull();
        client.stream().awaitEnd();
        noStreamIsLeft();
        return java.util.Objects.requireNonNull(failure);
    }

    @Test
    void aRefusingOriginIsToldAsRefused() throws Exception {
        WebSocketClient client =
                bench("127.0.0.1:" + ScriptedOrigin.closedPort(), OriginRequest.DEFAULT)
                        .openWebSocket(true);

        OriginFailure failure = failure(client);
        assertThat(failure.code()).isEqualTo(OriginFailure.Code.REFUSED);
        assertThat(failure.detail()).contains("127.0.0.1:");
    }

    @Test
    void anUnknownNameIsToldAsUnknown() throws Exception {
        WebSocketClient client =
                bench("no-such-host.invalid:22", OriginRequest.DEFAULT).openWebSocket(true);

        assertThat(failure(client).code()).isEqualTo(OriginFailure.Code.UNKNOWN_NAME);
    }

    @Test
    void anOriginThatDoesNotAnswerIsToldAsTimedOut() throws Exception {
        int[] port = new int[1];
        try (AutoCloseable deaf = ScriptedOrigin.deaf(port)) {
            WebSocketClient client =
                    bench("127.0.0.1:" + port[0], Origins.connectWithin(Duration.ofMillis(300)))
                            .openWebSocket(true);

            assertThat(failure(client).code()).isEqualTo(OriginFailure.Code.TIMED_OUT);
        }
    }

    @Test
    void aClientThatLeavesWhileTheOriginIsDialledLeavesNothing() throws Exception {
        int[] port = new int[1];
        try (AutoCloseable deaf = ScriptedOrigin.deaf(port)) {
            WebSocketClient client =
                    bench("127.0.0.1:" + port[0], Origins.connectWithin(Duration.ofMillis(500)))
                            .openWebSocket(true);
            client.send(clientOpening());

            client.stream().reset();

            noStreamIsLeft();
        }
    }

    // ---- drain

    @Test
    void openStreamsGoOnWhileTheConnectorDrains() throws Exception {
        WebSocketClient client = open(true).accepted();
        OriginConnection origin = listener().accept();
        greet(client, origin);
        Bench draining = java.util.Objects.requireNonNull(bench);

        draining.drain();
        client.send(new byte[] {1});
        assertThat(origin.receive(1)).containsExactly(1);
        origin.send(new byte[] {2});
        assertThat(client.awaitData(originOpening().length + 1)).endsWith((byte) 2);
        client.endData();
        origin.endOutput();

        assertThat(client.awaitClose()).isEqualTo(CloseCode.NORMAL);
        draining.awaitDrained();
    }
}
