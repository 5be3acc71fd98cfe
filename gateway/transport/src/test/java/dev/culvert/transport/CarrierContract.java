package dev.culvert.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every carrier of streams between edge and connector keeps: both ends in this JVM over real
/// sockets, in three arrangements of event loops. A carrier's test extends this and makes the ends.
@ExtendWith(NoLeaks.class)
@ParameterizedClass(name = "{0}")
@EnumSource
@Timeout(120)
public abstract class CarrierContract {
    /// Who lives on which loop.
    public enum Arrangement {
        /// Both links, the callers and the targets.
        ONE_LOOP,
        /// Each link on its own, with its callers or targets.
        TWO_LOOPS,
        /// Callers and targets never on their link's loop.
        CROSSED
    }

    /// A tunnel connection, ready for streams.
    public interface Ends {
        StreamTarget edge();

        boolean edgeOpen();

        int edgeLoad();

        int connectorLoad();

        void drainEdge(Duration deadline);

        void drainConnector(Duration deadline);

        void abortEdge();

        /// The network goes, without a goodbye of either end.
        void cut();

        boolean bothClosed();
    }

    private static final int MIB = 1024 * 1024;
    private static EventLoops loops;

    @Parameter Arrangement arrangement;

    private final List<Side> sides = new ArrayList<>();
    private final SideTarget target = new SideTarget();
    protected EventLoop callerLoop;
    protected Ends ends;

    /// Connects both ends and waits until they are ready.
    protected abstract Ends connect(
            EventLoops types, EventLoop edgeLoop, EventLoop connectorLoop, StreamTarget target)
            throws Exception;

    /// The kind told to the caller for each kind the target resets with.
    protected abstract StreamFault.Kind carried(StreamFault.Kind kind);

    /// The kind told to the target for each kind the caller resets with.
    protected StreamFault.Kind carriedToTarget(StreamFault.Kind kind) {
        return carried(kind);
    }

    /// The largest body; packets cost more to make than bytes of a TCP connection.
    protected int largestBody() {
        return 20 * MIB;
    }

    /// How many pieces of one byte.
    protected int smallPieces() {
        return 100_000;
    }

    /// How many streams end by a reset.
    protected int resets() {
        return 1000;
    }

    /// More than a sender gets rid of while its reader has stopped.
    protected int moreThanUnread() {
        return 8 * MIB;
    }

    /// Most bytes of one stream that a carrier takes from a sender whose reader has stopped: what
    /// [Side#LIMIT] allows plus what the far end holds uncredited, its window.
    protected abstract int mostUnread();

    @BeforeAll
    static void startLoops() {
        loops = new EventLoops("contract", 2);
    }

    @AfterAll
    static void stopLoops() {
        loops.close();
    }

    @BeforeEach
    void connectBothEnds() throws Exception {
        EventLoop a = loops.next();
        EventLoop b = loops.next();
        EventLoop connectorLoop = arrangement == Arrangement.ONE_LOOP ? a : b;
        callerLoop = arrangement == Arrangement.CROSSED ? b : a;
        StreamTarget opened =
                arrangement == Arrangement.CROSSED
                        ? (request, caller, loop) ->
                                LoopCrossing.open(request, caller, loop, target, a)
                        : target;
        ends = connect(loops, a, connectorLoop, opened);
    }

    @AfterEach
    void nothingIsLeft() {
        ends.abortEdge();
        Eventually.until("both ends closed", ends::bothClosed);
        Eventually.until(
                () -> "no load; edge=" + ends.edgeLoad() + " connector=" + ends.connectorLoad(),
                () -> ends.edgeLoad() == 0 && ends.connectorLoad() == 0);
        for (Side side : sides) {
            assertThat(side.breaches()).isEmpty();
        }
    }

    protected final Side open(StreamRequest request) {
        return open(request, new Side(callerLoop));
    }

    protected final Side open(StreamRequest request, Side side) {
        sides.add(side);
        callerLoop.execute(() -> side.meet(ends.edge().open(request, side, callerLoop)));
        return side;
    }

    protected final Side opened() {
        Side side = target.next();
        sides.add(side);
        return side;
    }

    protected static StreamRequest get(String path) {
        return new StreamRequest(
                StreamKind.HTTP, "GET", "app.example", path, new HeaderList(), true);
    }

    protected static StreamRequest post(String path) {
        return new StreamRequest(
                StreamKind.HTTP, "POST", "app.example", path, new HeaderList(), false);
    }

    private static StreamRequest webSocket() {
        return new StreamRequest(
                StreamKind.WEBSOCKET,
                "GET",
                "app.example",
                "/ws",
                HeaderList.of("sec-websocket-key", "x3JJHMbDL1EzLkh9GBhXDw=="),
                false);
    }

    // ---- heads

    @Test
    void carriesTheRequestHeadWithDuplicatesInOrderAndEmptyValues() {
        HeaderList headers =
                HeaderList.of(
                        "x-one", "1", "x-dup", "b", "x-empty", "", "x-dup", "a", "x-two", "2");
        Side caller =
                open(
                        new StreamRequest(
                                StreamKind.HTTP,
                                "DELETE",
                                "app.example:8443",
                                "/a%20b?q=%2F&r",
                                headers.copy(),
                                true));
        Side served = opened();
        assertThat(served.request().kind()).isEqualTo(StreamKind.HTTP);
        assertThat(served.request().method()).isEqualTo("DELETE");
        assertThat(served.request().authority()).isEqualTo("app.example:8443");
        assertThat(served.request().path()).isEqualTo("/a%20b?q=%2F&r");
        assertThat(served.request().endOfBody()).isTrue();
        assertThat(served.request().headers().all("x-dup")).containsExactly("b", "a");
        assertThat(served.request().headers().all("x-empty")).containsExactly("");
        assertThat(served.request().headers().size()).isEqualTo(5);
        served.respond(204, new HeaderList(), true);
        assertThat(caller.awaitResponse().status()).isEqualTo(204);
        caller.awaitEnd();
    }

    @Test
    void carriesTheResponseHeadWithDuplicatesInOrderAndEmptyValues() {
        Side caller = open(get("/"));
        Side served = opened();
        served.respond(
                StreamResponse.of(
                        418,
                        HeaderList.of("Set-Cookie", "b=1", "X-Empty", "", "Set-Cookie", "a=2")),
                false);
        served.send("short", true);
        StreamResponse response = caller.awaitResponse();
        assertThat(response.status()).isEqualTo(418);
        assertThat(response.failure()).isNull();
        assertThat(response.headers().all("set-cookie")).containsExactly("b=1", "a=2");
        assertThat(response.headers().all("x-empty")).containsExactly("");
        caller.awaitEnd();
        assertThat(caller.text()).isEqualTo("short");
    }

    @ParameterizedTest
    @EnumSource
    void carriesWhyThereIsNoAnswer(OriginFailure.Code code) {
        Side caller = open(get("/"));
        opened().respond(StreamResponse.failed(new OriginFailure(code, "the reason")), true);
        StreamResponse response = caller.awaitResponse();
        assertThat(response.failure()).isEqualTo(new OriginFailure(code, "the reason"));
        assertThat(response.status()).isEqualTo(code.status());
        caller.awaitEnd();
    }

    @Test
    void carriesAnAcceptedWebSocketAs101AndItsBytesBothWays() {
        Side caller = open(webSocket());
        Side served = opened();
        assertThat(served.request().kind()).isEqualTo(StreamKind.WEBSOCKET);
        served.respond(
                101, HeaderList.of("Sec-WebSocket-Accept", "HSmrc0sMlYUkAGmm5OPpG2HaGWk="), false);
        served.send("from the origin", false);
        assertThat(caller.awaitResponse().status()).isEqualTo(101);
        caller.send("from the client", false);
        served.awaitReceived(15);
        caller.awaitReceived(15);
        assertThat(served.text()).isEqualTo("from the client");
        assertThat(caller.text()).isEqualTo("from the origin");
        caller.send("", true);
        served.awaitEnd();
        served.send("", true);
        caller.awaitEnd();
        assertThat(caller.faults()).isEmpty();
    }

    @Test
    void doesNotLetAClientChooseTheKindOfItsStream() {
        open(
                new StreamRequest(
                        StreamKind.HTTP,
                        "POST",
                        "app.example",
                        "/",
                        HeaderList.of(
                                "Cf-Cloudflared-Proxy-Connection-Upgrade",
                                "update-configuration",
                                "Cf-Cloudflared-Proxy-Src",
                                "10.0.0.1"),
                        true));
        Side served = opened();
        assertThat(served.request().kind()).isEqualTo(StreamKind.HTTP);
        assertThat(served.request().headers().isEmpty()).isTrue();
        served.respond(200, new HeaderList(), true);
    }

    // ---- bodies

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16383, 16384, 16385, MIB - 1, MIB, MIB + 1, 20 * MIB})
    void carriesBodiesOfAnySizeBothWaysAtOnce(int bytes) {
        int size = Math.min(bytes, largestBody());
        Side caller = open(post("/"));
        Side served = opened();
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(size, 16 * 1024, true);
        served.sendPattern(size, 16 * 1024, true);
        served.awaitEnd();
        caller.awaitEnd();
        for (Side side : List.of(caller, served)) {
            assertThat(side.received()).isEqualTo(size);
            assertThat(side.patternBroken()).isFalse();
            side.awaitCredited(size);
            assertThat(side.faults()).isEmpty();
        }
    }

    @Test
    void carriesManySmallPieces() {
        Side caller = open(post("/"));
        Side served = opened();
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(smallPieces(), 1, true);
        served.sendPattern(smallPieces(), 1, true);
        served.awaitEnd();
        caller.awaitEnd();
        assertThat(caller.received()).isEqualTo(smallPieces());
        assertThat(served.received()).isEqualTo(smallPieces());
        assertThat(caller.patternBroken() || served.patternBroken()).isFalse();
    }

    @Test
    protected void carriesTrailersAfterALargeBodyBothWays() {
        Side caller = open(post("/"));
        Side served = opened();
        served.respond(200, new HeaderList(), false);
        served.notReading();
        caller.notReading();
        caller.limit(MIB).sendPattern(900_000, 16 * 1024, false);
        served.limit(MIB).sendPattern(900_000, 16 * 1024, false);
        Eventually.until(
                "all handed over", () -> caller.sent() == 900_000 && served.sent() == 900_000);
        caller.sendTrailers(HeaderList.of("x-sum", "up"));
        served.sendTrailers(HeaderList.of("x-sum", "down", "x-sum", "twice"));
        caller.resume();
        served.resume();
        caller.awaitEnd();
        served.awaitEnd();
        assertThat(caller.received()).isEqualTo(900_000);
        assertThat(served.received()).isEqualTo(900_000);
        assertThat(caller.trailers()).isEqualTo(HeaderList.of("x-sum", "down", "x-sum", "twice"));
        assertThat(served.trailers()).isEqualTo(HeaderList.of("x-sum", "up"));
    }

    @Test
    void keepsTheOtherDirectionOpenAfterEitherEnds() {
        Side first = open(post("/caller-ends-first"));
        Side served = opened();
        first.send("up", true);
        served.awaitEnd();
        served.respond(200, new HeaderList(), false);
        served.sendPattern(300_000, 4096, true);
        first.awaitEnd();
        assertThat(first.received()).isEqualTo(300_000);

        Side second = open(post("/target-ends-first"));
        Side early = opened();
        early.respond(200, new HeaderList(), false);
        early.send("down", true);
        second.awaitEnd();
        second.sendPattern(300_000, 4096, true);
        early.awaitEnd();
        assertThat(early.received()).isEqualTo(300_000);
        assertThat(second.faults()).isEmpty();
        assertThat(early.faults()).isEmpty();
    }

    // ---- resets

    @ParameterizedTest
    @EnumSource(value = StreamFault.Kind.class, names = "NOT_READ", mode = EnumSource.Mode.EXCLUDE)
    void carriesAResetBeforeTheAnswerBothWays(StreamFault.Kind kind) {
        Side caller = open(post("/"));
        Side served = opened();
        served.sendReset(new StreamFault(kind, "a test"));
        assertThat(caller.awaitFault().kind()).isEqualTo(carried(kind));

        Side other = open(post("/"));
        Side gone = opened();
        other.sendReset(new StreamFault(kind, "a test"));
        assertThat(gone.awaitFault().kind()).isEqualTo(carriedToTarget(kind));
        assertThat(ends.edgeOpen()).isTrue();
    }

    /// Beside a busy gateway many streams end by a reset: that is no attack by the other end.
    @Test
    void manyResetsOfEachEndDoNotCostTheConnection() {
        for (int i = 0; i < resets(); i++) {
            Side caller = open(post("/"));
            Side served = opened();
            boolean byCaller = i % 2 == 0;
            (byCaller ? caller : served).sendReset(StreamFault.cancelled("a test"));
            (byCaller ? served : caller).awaitFault();
        }
        assertThat(ends.edgeOpen()).isTrue();
        Side caller = open(get("/"));
        opened().respond(200, new HeaderList(), true);
        assertThat(caller.awaitResponse().status()).isEqualTo(200);
    }

    @Test
    void carriesAResetInTheMiddleOfBodiesBothWays() {
        for (boolean byCaller : new boolean[] {true, false}) {
            Side caller = open(post("/"));
            Side served = opened();
            served.respond(200, new HeaderList(), false);
            caller.sendPattern(10 * MIB, 16 * 1024, true);
            served.sendPattern(10 * MIB, 16 * 1024, true);
            caller.awaitReceived(MIB);
            served.awaitReceived(MIB);
            (byCaller ? caller : served).sendReset(StreamFault.cancelled("a test"));
            assertThat((byCaller ? served : caller).awaitFault().kind())
                    .isEqualTo(
                            byCaller
                                    ? carriedToTarget(StreamFault.Kind.CANCELLED)
                                    : carried(StreamFault.Kind.CANCELLED));
        }
        Eventually.until("streams gone", () -> ends.edgeLoad() == 0 && ends.connectorLoad() == 0);
    }

    @Test
    protected void carriesAResetAfterEitherDirectionEnded() {
        Side caller = open(get("/"));
        Side served = opened();
        served.sendReset(StreamFault.cancelled("before the head"));
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);

        Side second = open(get("/"));
        Side answering = opened();
        answering.respond(200, new HeaderList(), false);
        second.awaitResponse();
        second.sendReset(StreamFault.cancelled("after the head"));
        assertThat(answering.awaitFault().kind()).isEqualTo(StreamFault.Kind.CANCELLED);
    }

    @Test
    protected void aStreamThatIsNotReadNeverTruncatesAnAnswerStillQueued() {
        for (int size : new int[] {0, 1, 900_000}) {
            Side caller = open(post("/"), new Side(callerLoop).notReading());
            Side served = opened();
            caller.send("some of a body", false);
            served.awaitReceived(14);
            served.onLoop(() -> {
                served.respond(200, new HeaderList(), false);
                served.limit(MIB).sendPattern(size, 16 * 1024, true);
                served.sendReset(StreamFault.notRead());
            });
            caller.awaitResponse();
            caller.resume();
            caller.awaitEnd();
            assertThat(caller.received()).isEqualTo(size);
            assertThat(caller.patternBroken()).isFalse();
            assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
            assertThat(served.faults()).isEmpty();
        }
        Eventually.until("streams gone", () -> ends.edgeLoad() == 0 && ends.connectorLoad() == 0);
    }

    // ---- readers that stop

    @Test
    void aSenderIsHeldBackByAStoppedReaderAndGoesOnWithIt() {
        Side caller = open(post("/"), new Side(callerLoop).notReading());
        Side served = opened().notReading();
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(moreThanUnread(), 16 * 1024, true);
        served.sendPattern(moreThanUnread(), 16 * 1024, true);
        long up = Eventually.settled(caller::sent);
        long down = Eventually.settled(served::sent);
        assertThat(up).isLessThanOrEqualTo(mostUnread());
        assertThat(down).isLessThanOrEqualTo(mostUnread());
        caller.resume();
        served.resume();
        caller.awaitEnd();
        served.awaitEnd();
        assertThat(caller.received()).isEqualTo(moreThanUnread());
        assertThat(served.received()).isEqualTo(moreThanUnread());
    }

    @Test
    void tenStoppedReadersStallOnlyThemselvesInBothDirections() {
        List<Side> stopped = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Side caller = open(post("/"), new Side(callerLoop).notReading());
            Side served = opened().notReading();
            served.respond(200, new HeaderList(), false);
            caller.limit(2 * MIB).sendPattern(moreThanUnread(), 16 * 1024, true);
            served.limit(2 * MIB).sendPattern(moreThanUnread(), 16 * 1024, true);
            stopped.add(caller);
            stopped.add(served);
        }
        Eventually.settled(() -> stopped.stream().mapToLong(Side::received).sum());
        Side caller = open(post("/"));
        Side served = opened();
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(Math.min(3 * MIB, moreThanUnread()), 16 * 1024, true);
        served.sendPattern(Math.min(3 * MIB, moreThanUnread()), 16 * 1024, true);
        caller.awaitEnd();
        served.awaitEnd();
        for (Side side : stopped) {
            assertThat(side.received()).isLessThan(moreThanUnread());
            side.resume();
        }
        for (Side side : stopped) {
            side.awaitEnd();
            assertThat(side.received()).isEqualTo(moreThanUnread());
            assertThat(side.patternBroken()).isFalse();
        }
    }

    // ---- the end of the connection

    @Test
    void losingTheConnectionTellsEveryStreamOnceOnBothSides() {
        List<Side> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Side caller = open(post("/" + i));
            Side served = opened();
            if (i % 2 == 0) {
                served.respond(200, new HeaderList(), false);
                // Little on the way: how soon a loss is noticed depends on how long that takes.
                served.limit(16 * 1024).sendPattern(100 * MIB, 8 * 1024, true);
                caller.limit(16 * 1024).sendPattern(100 * MIB, 8 * 1024, true);
                caller.awaitReceived(1);
            }
            open.add(caller);
            open.add(served);
        }
        ends.cut();
        for (Side side : open) {
            assertThat(side.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        }
        Eventually.until("both closed", ends::bothClosed);
        for (Side side : open) {
            assertThat(side.faults()).hasSize(1);
        }
        Side late = open(get("/late"));
        assertThat(late.awaitFault().kind()).isEqualTo(StreamFault.Kind.REFUSED);
    }

    @Test
    void drainingByTheEdgeLetsOpenStreamsFinishAndTakesNoMore() {
        Side caller = open(post("/"));
        Side served = opened();
        ends.drainEdge(Duration.ofSeconds(30));
        Eventually.until("not open", () -> !ends.edgeOpen());
        Side refused = open(get("/late"));
        assertThat(refused.awaitFault().kind()).isEqualTo(StreamFault.Kind.REFUSED);
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(2 * MIB, 16 * 1024, true);
        served.sendPattern(2 * MIB, 16 * 1024, true);
        caller.awaitEnd();
        served.awaitEnd();
        assertThat(caller.received()).isEqualTo(2 * MIB);
        Eventually.until("closed after the last stream", ends::bothClosed);
        assertThat(caller.faults()).isEmpty();
        assertThat(served.faults()).isEmpty();
    }

    @Test
    protected void drainingByTheConnectorLetsOpenStreamsFinishAndTakesNoMore() {
        Side caller = open(post("/"));
        Side served = opened();
        ends.drainConnector(Duration.ofSeconds(30));
        Eventually.until("not open", () -> !ends.edgeOpen());
        assertThat(open(get("/late")).awaitFault().kind()).isEqualTo(StreamFault.Kind.REFUSED);
        served.respond(200, new HeaderList(), false);
        caller.sendPattern(2 * MIB, 16 * 1024, true);
        served.sendPattern(2 * MIB, 16 * 1024, true);
        caller.awaitEnd();
        served.awaitEnd();
        Eventually.until("closed after the last stream", ends::bothClosed);
        assertThat(caller.faults()).isEmpty();
        assertThat(served.faults()).isEmpty();
    }

    @Test
    void aDrainEndsAtItsDeadlineWithStreamsOpen() {
        Side caller = open(post("/"));
        Side served = opened();
        ends.drainEdge(Duration.ofMillis(100));
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
    }

    @Test
    void closingTwiceOrDrainingAClosedConnectionDoesNothing() {
        Side caller = open(post("/"));
        Side served = opened();
        ends.drainEdge(Duration.ofSeconds(30));
        ends.abortEdge();
        ends.abortEdge();
        ends.drainConnector(Duration.ZERO);
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
        Eventually.until("closed", ends::bothClosed);
        ends.drainEdge(Duration.ZERO);
        ends.drainConnector(Duration.ZERO);
    }

    @Test
    void countsOfStreamsGoBackToZero() {
        List<Side> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(open(get("/" + i)));
        }
        Eventually.until("opened", () -> target.waiting() == 50);
        assertThat(ends.edgeLoad()).isEqualTo(50);
        for (int i = 0; i < 50; i++) {
            opened().respond(200, new HeaderList(), true);
        }
        callers.forEach(Side::awaitEnd);
        Eventually.until("no load", () -> ends.edgeLoad() == 0 && ends.connectorLoad() == 0);
    }
}
