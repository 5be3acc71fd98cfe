package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the carrier contract leaves to QUIC: what streams leave behind, readers that stop, networks that
/// come back.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class QuicConnectionTest {
    private static EventLoops loops;

    private final SideTarget target = new SideTarget();
    private final EventLoop loop = loops.next();
    private QuicEnds ends;

    @BeforeAll
    static void startLoops() {
        loops = new EventLoops("quic", 2);
    }

    @AfterAll
    static void stopLoops() {
        loops.close();
    }

    @AfterEach
    void close() {
        ends.abortEdge();
        Eventually.until("both ends closed", ends::bothClosed);
    }

    private void connect(Dialect dialect) throws Exception {
        connect(dialect, QuicEnds.LIMITS);
    }

    private void connect(Dialect dialect, QuicLimits limits) throws Exception {
        ends =
                QuicEnds.connect(
                        loops,
                        loop,
                        loops.next(),
                        target,
                        limits,
                        CarrierEvents.NONE,
                        dialect.alpn());
    }

    private Side open(Side side, boolean body) {
        StreamRequest request =
                new StreamRequest(
                        StreamKind.HTTP,
                        body ? "POST" : "GET",
                        "app.example",
                        "/",
                        new HeaderList(),
                        !body);
        side.onLoop(() -> side.meet(ends.edge().open(request, side, loop)));
        return side;
    }

    private Side post() {
        return open(new Side(loop), true);
    }

    // ---- what is left of streams

    private static int streamsOf(QuicChannel channel) {
        try {
            Field streams = channel.getClass().getDeclaredField("streams");
            streams.setAccessible(true);
            return channel.eventLoop()
                    .submit(() -> ((Map<?, ?>) streams.get(channel)).size())
                    .get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// All but the control stream, which the edge has not got: nothing was sent on it.
    private void assertStreamsForgotten() {
        for (QuicChannel channel : List.of(ends.edgeChannel(), ends.connectorChannel())) {
            Eventually.until(
                    () -> "only the control stream, not " + streamsOf(channel),
                    () -> streamsOf(channel) == (channel == ends.edgeChannel() ? 0 : 1));
        }
        Eventually.until("no load", () -> ends.edgeLoad() == 0 && ends.connectorLoad() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void forgetsStreamsThatWereReset(Dialect dialect) throws Exception {
        connect(dialect);
        for (int batch = 0; batch < 10; batch++) {
            List<Side> told = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Side caller = post();
                Side served = target.next();
                if (i % 4 >= 2) {
                    served.respond(200, new HeaderList(), false);
                    served.send("some", false);
                    caller.send("some", false);
                    caller.awaitReceived(4);
                    served.awaitReceived(4);
                }
                boolean byCaller = i % 2 == 0;
                (byCaller ? caller : served).sendReset(StreamFault.cancelled("a test"));
                told.add(byCaller ? served : caller);
            }
            told.forEach(Side::awaitFault);
        }
        assertStreamsForgotten();
    }

    @ParameterizedTest
    @EnumSource
    void forgetsStreamsThatEnded(Dialect dialect) throws Exception {
        connect(dialect);
        for (int batch = 0; batch < 5; batch++) {
            List<Side> callers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                callers.add(open(new Side(loop), i % 2 == 0));
                Side served = target.next();
                served.respond(200, new HeaderList(), i % 3 == 0);
                if (i % 3 != 0) {
                    served.send("body", true);
                }
                if (i % 2 == 0) {
                    callers.getLast().send("body", true);
                }
            }
            callers.forEach(Side::awaitEnd);
        }
        assertStreamsForgotten();
    }

    @ParameterizedTest
    @EnumSource
    void forgetsStreamsWhoseRequestWasNotRead(Dialect dialect) throws Exception {
        connect(dialect);
        for (int i = 0; i < 100; i++) {
            Side caller = post();
            Side served = target.next();
            caller.send("some of it", false);
            served.awaitReceived(10);
            served.onLoop(() -> {
                served.respond(413, new HeaderList(), false);
                served.send("too large", true);
                served.sendReset(StreamFault.notRead());
            });
            caller.awaitEnd();
            assertThat(caller.text()).isEqualTo("too large");
            caller.send("the rest", true);
        }
        assertStreamsForgotten();
    }

    // ---- readers that have stopped

    @ParameterizedTest
    @EnumSource
    void aCancelIsSeenAlthoughNobodyReads(Dialect dialect) throws Exception {
        connect(dialect);
        Side caller = post();
        Side served = target.next().notReading();
        caller.sendPattern(QuicEnds.LARGEST, 16 * 1024, true);
        Eventually.settled(served::received);
        caller.sendReset(StreamFault.cancelled("the user went away"));
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
        served.resume();
        assertThat(served.ended()).isFalse();

        Side stopped = open(new Side(loop).notReading(), false);
        Side broken = target.next();
        broken.respond(200, new HeaderList(), false);
        broken.sendPattern(QuicEnds.LARGEST, 16 * 1024, true);
        Eventually.settled(stopped::received);
        broken.sendReset(StreamFault.protocol("the origin broke off"));
        assertThat(stopped.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        stopped.resume();
        assertThat(stopped.ended()).isFalse();
        assertStreamsForgotten();
    }

    /// The body has been taken whole, but not yet written further, when its end comes by itself.
    @ParameterizedTest
    @EnumSource
    void aStoppedReaderLearnsOfTheEndWhenItGoesOn(Dialect dialect) throws Exception {
        connect(dialect);
        int size = 256 * 1024;
        Side caller = open(new Side(loop).notReading(), false);
        Side served = target.next();
        served.respond(200, new HeaderList(), false);
        served.limit(2 * size).sendPattern(size, 1024, false);
        caller.awaitReceived(size);
        served.send("", true);
        // Longer than resets are looked for.
        for (int i = 0; i < 4; i++) {
            Eventually.settled(caller::received);
        }
        caller.resume();
        caller.awaitEnd();
        assertThat(caller.received()).isEqualTo(size);
        assertThat(caller.faults()).isEmpty();
        assertThat(served.faults()).isEmpty();
        assertStreamsForgotten();
    }

    /// Larger than what may be sent without credit, and the credit comes after the rest of the request is
    /// not wanted any more.
    @ParameterizedTest
    @EnumSource
    void aLargeAnswerToARequestThatIsNotReadArrivesWhole(Dialect dialect) throws Exception {
        connect(dialect);
        int size = 3 * 1024 * 1024;
        Side caller = open(new Side(loop).notReading(), true);
        Side served = target.next();
        caller.send("some of it", false);
        served.awaitReceived(10);
        served.onLoop(() -> {
            served.respond(200, new HeaderList(), false);
            served.limit(2 * size).sendPattern(size, 16 * 1024, true);
            served.sendReset(StreamFault.notRead());
        });
        Eventually.settled(caller::received);
        assertThat(caller.received()).isLessThan(size);
        caller.resume();
        caller.awaitEnd();
        assertThat(caller.received()).isEqualTo(size);
        assertThat(caller.patternBroken()).isFalse();
        assertThat(caller.breaches()).isEmpty();
        caller.send("the rest", true);
        assertStreamsForgotten();
    }

    // ---- the network

    @Test
    void survivesABlackOutShorterThanTheIdleTime() throws Exception {
        connect(
                Dialect.CULVERT,
                QuicLimits.TUNNEL.withIdle(Duration.ofSeconds(5), Duration.ofSeconds(1)));
        long total = 8 * 1024 * 1024;
        Side caller = post();
        Side served = target.next();
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(total, 16 * 1024, true);
        served.sendPattern(total, 16 * 1024, true);
        caller.awaitReceived(1);
        served.awaitReceived(1);
        ends.cut();
        // The library tries again at twice the time each, so that it may be as long again until it
        // does.
        long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        Eventually.until("two seconds", () -> System.nanoTime() > until);
        assertThat(caller.received()).isLessThan(total);
        ends.mend();
        Eventually.until(() -> "up " + served, served::ended);
        Eventually.until(() -> "down " + caller, caller::ended);
        assertThat(caller.received()).isEqualTo(total);
        assertThat(served.received()).isEqualTo(total);
        assertThat(caller.patternBroken() || served.patternBroken()).isFalse();
        assertThat(caller.faults()).isEmpty();
        assertThat(served.faults()).isEmpty();
    }

    @Test
    void anIdleConnectionStaysAndSurvivesDatagramsOfItsPeer() throws Exception {
        connect(Dialect.CULVERT);
        long until = System.nanoTime() + QuicEnds.LIMITS.idle().toNanos() + 1_000_000_000L;
        Eventually.until("longer than the idle time", () -> System.nanoTime() > until);
        for (int size : new int[] {1, 100, 1000}) {
            for (QuicChannel channel : List.of(ends.edgeChannel(), ends.connectorChannel())) {
                assertThat(
                                channel.writeAndFlush(
                                                channel.alloc().directBuffer().writeZero(size))
                                        .await()
                                        .isSuccess())
                        .isTrue();
            }
        }
        Side caller = post();
        Side served = target.next();
        served.respond(200, new HeaderList(), true);
        caller.awaitEnd();
        assertThat(ends.edgeOpen()).isTrue();
    }

    // ---- interim answers

    @Test
    void carriesInterimAnswersInOrderBeforeTheAnswer() throws Exception {
        connect(Dialect.CULVERT);
        Side caller = post();
        Side served = target.next();
        served.inform(100, new HeaderList());
        caller.awaitInterim(1);
        served.inform(103, HeaderList.of("link", "</a>", "connection", "x", "link", "</b>"));
        served.respond(200, HeaderList.of("a", "b"), false);
        served.inform(103, HeaderList.of("too", "late"));
        served.send("body", true);
        caller.awaitEnd();
        assertThat(caller.interim()).hasSize(2);
        assertThat(caller.interim().get(0).status()).isEqualTo(100);
        assertThat(caller.interim().get(1).status()).isEqualTo(103);
        assertThat(caller.interim().get(1).headers())
                .isEqualTo(HeaderList.of("link", "</a>", "link", "</b>"));
        assertThat(caller.awaitResponse().status()).isEqualTo(200);
        assertThat(caller.text()).isEqualTo("body");
        assertThat(caller.breaches()).isEmpty();
    }
}
