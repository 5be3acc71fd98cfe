package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.CarrierContract;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.Side;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The carrier contract over QUIC, in cloudflared's dialect. What it cannot carry is here as what happens
/// instead.
final class ArgotunnelCarrierTest extends CarrierContract {
    @Override
    protected Ends connect(
            EventLoops types, EventLoop edgeLoop, EventLoop connectorLoop, StreamTarget target)
            throws Exception {
        return QuicEnds.connect(types, edgeLoop, connectorLoop, target, Dialect.ARGOTUNNEL.alpn());
    }

    /// cloudflared has one code for everything: it has broken the answer off.
    @Override
    protected StreamFault.Kind carried(StreamFault.Kind kind) {
        return StreamFault.Kind.PROTOCOL;
    }

    /// Whatever went wrong at the edge, its request is gone.
    @Override
    protected StreamFault.Kind carriedToTarget(StreamFault.Kind kind) {
        return StreamFault.Kind.CANCELLED;
    }

    @Override
    protected int largestBody() {
        return QuicEnds.LARGEST;
    }

    @Override
    protected int moreThanUnread() {
        return QuicEnds.LARGEST;
    }

    @Override
    protected int smallPieces() {
        return 20_000;
    }

    /// In QUIC nothing counts them; see `QuicConnectionTest` for what they leave.
    @Override
    protected int resets() {
        return 200;
    }

    @Override
    protected int mostUnread() {
        return (int) (2 * QuicEnds.LIMITS.streamBytes()) + 2 * Side.LIMIT;
    }

    /// The body ends nevertheless.
    @Test
    @Override
    protected void carriesTrailersAfterALargeBodyBothWays() {
        Side caller = open(post("/"));
        Side served = opened();
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(200_000, 16 * 1024, false);
        served.sendPattern(200_000, 16 * 1024, false);
        Eventually.until(
                "all handed over", () -> caller.sent() == 200_000 && served.sent() == 200_000);
        caller.sendTrailers(HeaderList.of("x-sum", "up"));
        served.sendTrailers(HeaderList.of("x-sum", "down"));
        caller.awaitEnd();
        served.awaitEnd();
        assertThat(caller.received()).isEqualTo(200_000);
        assertThat(served.received()).isEqualTo(200_000);
        assertThat(caller.trailers()).isNull();
        assertThat(served.trailers()).isNull();
        assertThat(caller.faults()).isEmpty();
    }

    /// A request that has ended cannot be reset any more: the connector learns it when it writes.
    @Test
    @Override
    protected void carriesAResetAfterEitherDirectionEnded() {
        Side caller = open(get("/"));
        Side served = opened();
        served.sendReset(StreamFault.cancelled("before the head"));
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);

        Side second = open(get("/"));
        Side answering = opened();
        answering.respond(200, new HeaderList(), false);
        second.awaitResponse();
        second.sendReset(StreamFault.cancelled("after the head"));
        Eventually.until("the edge has let go of it", () -> ends.edgeLoad() == 0);
        Eventually.until(
                "told by a write",
                () -> {
                    answering.send("x", false);
                    return !answering.faults().isEmpty();
                });
        assertThat(answering.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
    }

    /// The answer comes whole; the caller learns that the rest is not read when it sends some.
    @Test
    @Override
    protected void aStreamThatIsNotReadNeverTruncatesAnAnswerStillQueued() {
        for (int size : new int[] {0, 1, 900_000}) {
            Side caller = open(post("/"), new Side(callerLoop).notReading());
            Side served = opened();
            caller.send("some of a body", false);
            served.awaitReceived(14);
            served.onLoop(() -> {
                served.respond(200, new HeaderList(), false);
                served.limit(1024 * 1024).sendPattern(size, 16 * 1024, true);
                served.sendReset(StreamFault.notRead());
            });
            caller.awaitResponse();
            caller.resume();
            caller.awaitEnd();
            assertThat(caller.received()).isEqualTo(size);
            assertThat(caller.patternBroken()).isFalse();
            Eventually.until(
                    "told by a write",
                    () -> {
                        caller.send("x", false);
                        return !caller.faults().isEmpty();
                    });
            assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
            assertThat(served.faults()).isEmpty();
        }
        Eventually.until("streams gone", () -> ends.edgeLoad() == 0 && ends.connectorLoad() == 0);
    }

    /// The edge is not told: what it still opens is served until the connector goes.
    @Test
    @Override
    protected void drainingByTheConnectorLetsOpenStreamsFinishAndTakesNoMore() {
        Side caller = open(post("/"));
        Side served = opened();
        ends.drainConnector(Duration.ofSeconds(30));
        Side late = open(get("/late"));
        Side lateServed = opened();
        lateServed.respond(200, new HeaderList(), true);
        late.awaitEnd();
        assertThat(ends.edgeOpen()).isTrue();
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(500_000, 16 * 1024, true);
        served.sendPattern(500_000, 16 * 1024, true);
        caller.awaitEnd();
        served.awaitEnd();
        Eventually.until("closed after the last stream", ends::bothClosed);
        assertThat(caller.faults()).isEmpty();
        assertThat(served.faults()).isEmpty();
    }

    @Test
    void dropsInterimAnswers() {
        Side caller = open(get("/"));
        Side served = opened();
        served.inform(103, HeaderList.of("link", "</a>"));
        served.respond(200, new HeaderList(), true);
        caller.awaitEnd();
        assertThat(caller.interim()).isEmpty();
        assertThat(caller.awaitResponse().status()).isEqualTo(200);
    }

    /// Whatever the answer's head has promised, an answer that is broken off is not its end.
    @Test
    void anAnswerThatIsBrokenOffIsAnErrorAndNoEnd() {
        Side caller = open(get("/"));
        Side served = opened();
        served.respond(200, HeaderList.of("content-length", "1000"), false);
        served.send("part", false);
        caller.awaitReceived(4);
        served.sendReset(StreamFault.protocol("the origin broke off"));
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        assertThat(caller.ended()).isFalse();
    }
}
