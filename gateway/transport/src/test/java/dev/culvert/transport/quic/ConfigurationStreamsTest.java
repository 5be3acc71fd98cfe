package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.quic.Dialect;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import io.netty.channel.EventLoop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Configurations over QUIC: for the edge's side and the connector's the same streams as over HTTP/2,
/// between them an RPC call.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class ConfigurationStreamsTest {
    private static final String UPDATE =
            "{\"version\":7,\"config\":{\"ingress\":[{\"service\":\"http_status:404\"}]}}";
    private static EventLoops loops;

    private final SideTarget target = new SideTarget();
    private final EventLoop loop = loops.next();
    private QuicEnds ends;
    private RawConnector raw;

    @BeforeAll
    static void startLoops() {
        loops = new EventLoops("configuration", 2);
    }

    @AfterAll
    static void stopLoops() {
        loops.close();
    }

    @AfterEach
    void close() {
        if (ends != null) {
            Eventually.until("no load", () -> ends.edgeLoad() == 0 && ends.connectorLoad() == 0);
            ends.abortEdge();
            Eventually.until("both ends closed", ends::bothClosed);
        }
        if (raw != null) {
            raw.close();
        }
    }

    private static StreamRequest request() {
        return new StreamRequest(
                StreamKind.CONFIGURATION, "POST", "culvert", "/", new HeaderList(), false);
    }

    private Side ask(Dialect dialect) throws Exception {
        if (ends == null) {
            ends = QuicEnds.connect(loops, loop, loops.next(), target, dialect.alpn());
        }
        Side side = new Side(loop);
        side.onLoop(() -> side.meet(ends.edge().open(request(), side, loop)));
        return side;
    }

    @ParameterizedTest
    @EnumSource
    void carriesAnUpdateThereAndItsResultBack(Dialect dialect) throws Exception {
        for (int i = 0; i < 3; i++) {
            Side caller = ask(dialect);
            caller.send(UPDATE.substring(0, 20), false);
            caller.send(UPDATE.substring(20), true);
            Side served = target.next();
            assertThat(served.request().kind()).isEqualTo(StreamKind.CONFIGURATION);
            served.awaitEnd();
            assertThat(served.text()).isEqualTo(UPDATE);
            served.respond(200, new HeaderList(), false);
            String result = "{\"lastAppliedVersion\":7,\"err\":null}";
            served.send(result, true);
            caller.awaitEnd();
            assertThat(caller.awaitResponse().status()).isEqualTo(200);
            assertThat(caller.text()).isEqualTo(result);
            served.awaitCredited(result.length());
            caller.awaitCredited(UPDATE.length());
            assertThat(caller.faults()).isEmpty();
            assertThat(caller.breaches()).isEmpty();
            assertThat(served.breaches()).isEmpty();
        }
    }

    @Test
    void carriesWhyAnUpdateWasNotTaken() throws Exception {
        Side caller = ask(Dialect.CULVERT);
        caller.send(UPDATE, true);
        Side served = target.next();
        served.respond(200, new HeaderList(), false);
        served.send("{\"lastAppliedVersion\":-1,\"err\":\"rule 1: no \\u00e4\"}", true);
        caller.awaitEnd();
        assertThat(caller.text())
                .contains("\"lastAppliedVersion\":-1")
                .contains("rule 1: no \u00e4");
    }

    @Test
    void aConnectorThatDoesNotTakeItSaysSo() throws Exception {
        Side refused = ask(Dialect.CULVERT);
        refused.send(UPDATE, true);
        target.next()
                .respond(
                        StreamResponse.failed(
                                new OriginFailure(OriginFailure.Code.NOT_READY, "its own file")),
                        true);
        refused.awaitEnd();
        assertThat(refused.text()).contains("status 503");

        Side reset = ask(Dialect.CULVERT);
        reset.send(UPDATE, true);
        target.next().sendReset(StreamFault.internal("cannot"));
        reset.awaitEnd();
        assertThat(reset.text()).contains("cannot");

        Side rubbish = ask(Dialect.CULVERT);
        rubbish.send(UPDATE, true);
        Side served = target.next();
        served.respond(200, new HeaderList(), false);
        served.send("<html>", true);
        rubbish.awaitEnd();
        assertThat(rubbish.text()).contains("\"err\":\"answer to a configuration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1]", "{\"version\":1}", "not json"})
    void anUpdateThatIsNoneIsNotSent(String body) throws Exception {
        Side caller = ask(Dialect.CULVERT);
        caller.send(body, true);
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        assertThat(target.waiting()).isZero();
    }

    @Test
    void anUpdateThatIsTooLongIsNotSentAndItsBytesAreCredited() throws Exception {
        Side caller = ask(Dialect.CULVERT);
        int size = 1_100_000;
        caller.limit(2 * size).sendPattern(size, 16 * 1024, true);
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
        assertThat(target.waiting()).isZero();
    }

    @Test
    void aCallerThatGivesUpIsForgotten() throws Exception {
        Side caller = ask(Dialect.CULVERT);
        caller.send(UPDATE, true);
        Side served = target.next();
        caller.sendReset(StreamFault.timedOut("no answer"));
        Eventually.until("no load at the edge", () -> ends.edgeLoad() == 0);
        served.respond(200, new HeaderList(), false);
        served.send("{\"lastAppliedVersion\":7,\"err\":null}", true);
        Eventually.until("no load at the connector", () -> ends.connectorLoad() == 0);
        assertThat(caller.hasResponse()).isFalse();
    }

    @Test
    void losingTheConnectionTellsTheCaller() throws Exception {
        Side caller = ask(Dialect.CULVERT);
        caller.send(UPDATE, true);
        target.next();
        ends.abortEdge();
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.CONNECTION_LOST);
    }

    @Test
    void aConnectorThatBreaksTheCallOffIsAFault() throws Exception {
        raw = new RawConnector(loops, CarrierEvents.NONE, Dialect.ARGOTUNNEL.alpn());
        for (int i = 0; i < 3; i++) {
            Side caller = raw.ask(request());
            caller.send(UPDATE, true);
            RawStream stream = raw.await(i);
            stream.awaitBytes(100);
            switch (i) {
                case 0 -> stream.fin();
                case 1 -> stream.reset(0);
                default -> stream.send(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
            }
            assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.PROTOCOL);
            assertThat(caller.breaches()).isEmpty();
        }
        Eventually.until("no load", () -> raw.edge.load() == 0);
    }
}
