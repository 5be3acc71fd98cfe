package dev.culvert.edge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A connector in memory, its streams answered by the test.
@ExtendWith(NoLeaks.class)
final class ConfigurationPushTest {
    @TempDir Path temp;
    private StateDirectory directory;
    private State state;
    private final TunnelRegistry registry = new TunnelRegistry();
    private ConfigurationPush push;
    private UUID tunnel;
    private JoinedTunnel joined;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        tunnel = state.createTunnel("home").id();
        push = new ConfigurationPush(state::directory, registry);
        registry.serve(push);
        state.onChange(push::apply);
        joined = new JoinedTunnel(tunnel, 2).in(registry);
    }

    @AfterEach
    void close() {
        joined.close();
        state.close();
        directory.close();
    }

    private void turn() {
        while (joined.turn()) {}
    }

    private Side next() {
        turn();
        Side side = joined.streams.next();
        turn();
        assertThat(side.request().kind()).isEqualTo(StreamKind.CONFIGURATION);
        assertThat(side.ended()).as("the whole body").isTrue();
        return side;
    }

    private void answer(Side side, String json) {
        side.respond(200, new HeaderList(0), false);
        side.send(json, true);
        turn();
    }

    private ConfigurationPush.Told told() {
        return push.connections(tunnel).getFirst();
    }

    private void configure(String json) throws Exception {
        state.configureTunnel("home", json);
    }

    @Test
    void aRegisteredConnectionGetsTheConfigurationAndTheNextWhenItChanges() throws Exception {
        configure("{\"ingress\":[]}");
        registry.announce(joined.connection());
        Side first = next();
        assertThat(first.text()).isEqualTo("{\"version\":1,\"config\":{\"ingress\":[]}}");
        assertThat(told().version()).isEqualTo(-1);
        answer(first, "{\"lastAppliedVersion\":1,\"err\":null}");
        assertThat(told()).isEqualTo(new ConfigurationPush.Told(new UUID(0, 1), 2, 1, null, null));

        configure("{\"a\":1}");
        Side second = next();
        assertThat(second.text()).isEqualTo("{\"version\":2,\"config\":{\"a\":1}}");
        answer(second, "{\"lastAppliedVersion\":2,\"err\":null}");
        assertThat(told().version()).isEqualTo(2);

        state.createTunnel("other");
        turn();
        assertThat(joined.streams.waiting()).as("nothing has changed").isZero();
    }

    @Test
    void withoutAConfigurationNothingIsSent() {
        registry.announce(joined.connection());
        turn();
        assertThat(joined.streams.waiting()).isZero();
    }

    @Test
    void whatChangesWhileOneIsUnderWayIsSentAfterIt() throws Exception {
        configure("{\"a\":1}");
        Side first = next();
        configure("{\"a\":2}");
        configure("{\"a\":3}");
        turn();
        assertThat(joined.streams.waiting()).as("one at a time").isZero();

        answer(first, "{\"lastAppliedVersion\":1,\"err\":null}");

        assertThat(next().text()).startsWith("{\"version\":3,");
    }

    @Test
    void aRefusalIsShownAndNotRepeated() throws Exception {
        configure("{\"a\":1}");
        answer(next(), "{\"lastAppliedVersion\":-1,\"err\":\"one\\ntwo\\u001b[2J\\u202e\"}");
        assertThat(told().version()).isEqualTo(-1);
        assertThat(told().problem()).isEqualTo("one; two[2J");
        registry.announce(joined.connection());
        turn();
        assertThat(joined.streams.waiting()).isZero();

        configure("{\"a\":2}");
        answer(next(), "{\"lastAppliedVersion\":2,\"err\":null}");
        assertThat(told().problem()).isNull();
    }

    /// cloudflared's error has no text.
    @Test
    void aRefusalWithoutTextIsARefusal() throws Exception {
        configure("{\"a\":1}");
        answer(next(), "{\"lastAppliedVersion\":-1,\"err\":{}}");
        assertThat(told().problem()).isEqualTo("see the connector's log");
    }

    @Test
    void aConnectorThatIsAheadIsShown() throws Exception {
        configure("{\"a\":1}");
        answer(next(), "{\"lastAppliedVersion\":9,\"err\":null}");
        assertThat(told().version()).isEqualTo(9);
        assertThat(told().problem()).contains("configure the tunnel again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"lastAppliedVersion\":\"1\"}", "{\"err\":null}", "{"})
    void anAnswerThatCannotBeReadIsAProblem(String json) throws Exception {
        configure("{\"a\":1}");
        answer(next(), json);
        assertThat(told().problem()).isEqualTo("the connector's answer cannot be read");
    }

    @Test
    void anotherStatusAndAResetAreProblems() throws Exception {
        configure("{\"a\":1}");
        next().respond(502, new HeaderList(0), true);
        turn();
        assertThat(told().problem()).isEqualTo("the connector answered 502");

        configure("{\"a\":2}");
        next().sendReset(StreamFault.internal("gone"));
        turn();
        assertThat(told().problem()).startsWith("the stream was reset");
    }

    @Test
    void anAnswerBeyondTheLimitIsAProblem() throws Exception {
        configure("{\"a\":1}");
        Side side = next();
        side.respond(200, new HeaderList(0), false);
        side.sendPattern(65 * 1024, 8_000, true);
        turn();
        assertThat(told().problem()).contains("is longer than");
    }

    @Test
    void aLargeConfigurationArrivesWholeThroughSmallWindows() throws Exception {
        String json = "{\"a\":\"" + "x".repeat(999_000) + "\"}";
        configure(json);
        Side side = next();
        assertThat(side.received()).isEqualTo(("{\"version\":1,\"config\":" + json + "}").length());
    }

    @Test
    void whatAConnectorSaysOfItsOwnRulesIsKeptWhileItIsThere() {
        byte[] much = new byte[LocalConfigurations.MAX_BYTES + 1];
        LocalConfigurations local = registry.local();
        UUID id = joined.connection().id();

        registry.tell(joined.connection(), "{1}".getBytes(StandardCharsets.UTF_8));
        assertThat(told().own()).isEqualTo("{1}");
        local.put(id, much);
        assertThat(told().own()).isNull();

        byte[] last = "{2}".getBytes(StandardCharsets.UTF_8);
        registry.tell(joined.connection(), last);
        registry.remove(joined.connection());
        assertThat(local.get(id)).isNull();
        registry.tell(joined.connection(), last);
        assertThat(local.get(id)).as("said after its end").isNull();
    }

    @Test
    void whatIsKeptOfOwnRulesIsBoundedInAll() {
        LocalConfigurations local = new LocalConfigurations();
        byte[] json = new byte[LocalConfigurations.MAX_BYTES];
        int room = LocalConfigurations.MAX_ALL / LocalConfigurations.MAX_BYTES;
        for (int i = 0; i <= room; i++) {
            local.put(new UUID(9, i), json);
        }
        assertThat(local.get(new UUID(9, room - 1))).isNotNull();
        assertThat(local.get(new UUID(9, room))).isNull();

        local.remove(new UUID(9, 0));
        local.put(new UUID(9, room), json);
        assertThat(local.get(new UUID(9, room))).isNotNull();
    }

    @Test
    void aConnectionThatHasGoneIsForgotten() throws Exception {
        configure("{\"a\":1}");
        answer(next(), "{\"lastAppliedVersion\":1,\"err\":null}");
        registry.remove(joined.connection());
        assertThat(push.connections(tunnel)).isEmpty();
    }
}
