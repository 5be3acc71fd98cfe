package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.websocket.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for a service of bytes whose plugin looks at the first ones of both sides.
@ParameterizedClass
@EnumSource(Arrangement.class)
@ExtendWith(LeakCheck.class)
public abstract class FirstBytesContract {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int MAX_REASON = 120;

    private static final byte[] HTTP_REQUEST =
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTP_RESPONSE =
            "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Parameter Arrangement arrangement = Arrangement.DIRECT;

    private @Nullable ScriptedOrigin listener;
    private @Nullable Bench bench;

    protected abstract OriginPlugin plugin();

    protected abstract String scheme();

    /// Valid first bytes of a client.
    protected abstract byte[] clientOpening();

    /// Valid first bytes of an origin, as many as the protocol allows.
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
        return Objects.requireNonNull(listener);
    }

    private ByteOrigin origin() throws Exception {
        return Origins.bytes(
                plugin(), scheme() + "://127.0.0.1:" + listener().port(), OriginRequest.DEFAULT);
    }

    private WebSocketClient open(ByteOrigin origin) throws Exception {
        Bench made = new Bench(arrangement, origin);
        bench = made;
        return made.openWebSocket(true).accepted();
    }

    private void noStreamIsLeft() {
        Objects.requireNonNull(bench).awaitNoStreams();
    }

    @Test
    void statesBounds() throws Exception {
        ByteOrigin origin = origin();
        for (FirstBytes first : new FirstBytes[] {origin.clientFirst(), origin.originFirst()}) {
            assertThat(first).isNotNull();
            assertThat(first.maxBytes()).isBetween(1, 64 * 1024);
            assertThat(first.within()).isBetween(Duration.ofSeconds(5), Duration.ofMinutes(2));
            byte[] noise = new byte[first.maxBytes()];
            for (byte fill : new byte[] {0, 'S', 3, ' ', (byte) 0xff}) {
                java.util.Arrays.fill(noise, fill);
                assertThat(first.inspect(ByteBuffer.wrap(noise).asReadOnlyBuffer(), false))
                        .isNotInstanceOf(FirstBytes.Verdict.More.class);
            }
        }
    }

    @Test
    void foreignFirstBytesOfTheClientAreRefusedWithAReason() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();

        client.send(HTTP_REQUEST);

        assertThat(client.awaitClose()).isEqualTo(CloseCode.POLICY_VIOLATION);
        assertThat(client.closeReason()).contains("an HTTP request");
        assertThat(client.closeReason().getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(MAX_REASON);
        assertThat(origin.receiveToEnd()).isEmpty();
        noStreamIsLeft();
    }

    @Test
    void foreignFirstBytesOfTheOriginAreRefusedWithAReason() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();

        origin.send(HTTP_RESPONSE);

        assertThat(client.awaitClose()).isEqualTo(CloseCode.BAD_GATEWAY);
        assertThat(client.closeReason()).contains("an HTTP response");
        assertThat(client.receivedData()).isEmpty();
        origin.awaitOver();
        noStreamIsLeft();
    }

    @Test
    void foreignBytesAfterValidOnesAreNobodysBusiness() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();

        client.send(clientOpening());
        client.send(HTTP_REQUEST);
        assertThat(origin.receive(clientOpening().length)).isEqualTo(clientOpening());
        assertThat(origin.receive(HTTP_REQUEST.length)).isEqualTo(HTTP_REQUEST);
        origin.send(originOpening());
        origin.send(HTTP_RESPONSE);

        byte[] all = client.awaitData(originOpening().length + HTTP_RESPONSE.length);
        assertThat(all).startsWith(originOpening()).endsWith(HTTP_RESPONSE);
        client.stream().awaitAllCredit();
    }

    @Test
    void firstBytesMayComeOneByOne() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();

        for (byte one : clientOpening()) {
            client.send(new byte[] {one});
        }
        assertThat(origin.receive(clientOpening().length)).isEqualTo(clientOpening());
        for (byte one : originOpening()) {
            origin.send(new byte[] {one});
        }
        assertThat(client.awaitData(originOpening().length)).isEqualTo(originOpening());
        client.stream().awaitAllCredit();
    }

    @Test
    void theOriginMaySpeakFirst() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();

        origin.send(originOpening());

        assertThat(client.awaitData(originOpening().length)).isEqualTo(originOpening());
    }

    @Test
    void nothingReachesTheOriginBeforeTheFirstBytesAreWhole() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();

        client.send(java.util.Arrays.copyOf(clientOpening(), clientOpening().length - 1));

        assertThat(origin.isQuiet()).isTrue();
    }

    @Test
    void aClientThatSaysNothingIsRefusedInTime() throws Exception {
        WebSocketClient client = open(new Hurried(origin(), SHORT, Duration.ofMinutes(1)));
        OriginConnection origin = listener().accept();

        assertThat(client.awaitClose()).isEqualTo(CloseCode.POLICY_VIOLATION);
        assertThat(client.closeReason()).isNotEmpty();
        assertThat(origin.receiveToEnd()).isEmpty();
        noStreamIsLeft();
    }

    @Test
    void anOriginThatSaysNothingIsRefusedInTime() throws Exception {
        WebSocketClient client = open(new Hurried(origin(), Duration.ofMinutes(1), SHORT));
        OriginConnection origin = listener().accept();
        client.send(clientOpening());

        assertThat(client.awaitClose()).isEqualTo(CloseCode.BAD_GATEWAY);
        origin.awaitOver();
        noStreamIsLeft();
    }

    @Test
    void timeIsNoLimitOnceTheFirstBytesHaveCome() throws Exception {
        Duration soon = Duration.ofSeconds(2);
        WebSocketClient client = open(new Hurried(origin(), soon, soon));
        OriginConnection origin = listener().accept();
        client.send(clientOpening());
        origin.send(originOpening());
        client.awaitData(originOpening().length);

        assertThat(Deadline.within(soon.plusMillis(200), client.stream()::isOver)).isFalse();
    }

    @Test
    void aClientThatLeavesInTheMiddleLeavesNothing() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();
        client.send(java.util.Arrays.copyOf(clientOpening(), 2));
        origin.send(java.util.Arrays.copyOf(originOpening(), 2));

        client.stream().reset();

        origin.awaitOver();
        noStreamIsLeft();
    }

    @Test
    void anOriginThatEndsInTheMiddleIsRefused() throws Exception {
        WebSocketClient client = open(origin());
        OriginConnection origin = listener().accept();

        origin.send(java.util.Arrays.copyOf(originOpening(), 2));
        origin.endOutput();

        assertThat(client.awaitClose()).isEqualTo(CloseCode.BAD_GATEWAY);
        assertThat(client.closeReason()).contains("closed");
        noStreamIsLeft();
    }

    /// The same origin with other limits of time.
    private record Hurried(ByteOrigin origin, Duration client, Duration service)
            implements ByteOrigin {
        @Override
        public Endpoint endpoint() {
            return origin.endpoint();
        }

        @Override
        public DialSettings dialling() {
            return origin.dialling();
        }

        @Override
        public FirstBytes clientFirst() {
            return new Within(Objects.requireNonNull(origin.clientFirst()), client);
        }

        @Override
        public FirstBytes originFirst() {
            return new Within(Objects.requireNonNull(origin.originFirst()), service);
        }
    }

    private record Within(FirstBytes first, Duration within) implements FirstBytes {
        @Override
        public int maxBytes() {
            return first.maxBytes();
        }

        @Override
        public Verdict inspect(ByteBuffer seen, boolean end) {
            return first.inspect(seen, end);
        }
    }
}
