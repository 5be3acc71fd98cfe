package dev.culvert.protocols.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Our connector and our edge, joined by their bytes.
class ConversationTest {
    private final Recording.Sent toEdge = new Recording.Sent();
    private final Recording.Sent toConnector = new Recording.Sent();
    private final Recording.Calls calls = new Recording.Calls();
    private final Recording.Events events = new Recording.Events();
    private final RegistrationServer edge = new RegistrationServer(toConnector, calls);
    private final RegistrationClient connector = new RegistrationClient(toEdge, events);

    @Test
    void goesItsWholeCourse() throws ProtocolException {
        connector.register(Recording.request());
        exchange();
        assertThat(calls.requests).containsExactly(Recording.request());
        edge.registered(Recording.LOCAL);
        exchange();
        connector.pushLocalConfiguration("{\"ingress\":[]}".getBytes(StandardCharsets.UTF_8));
        exchange();
        connector.unregister();
        exchange();
        edge.unregistered();
        exchange();
        connector.close();
        exchange();
        connector.close();
        assertThat(toEdge.take()).isEmpty();
        assertThat(events.seen)
                .containsExactly("registered " + Recording.LOCAL, "accepted", "unregistered");
        assertThat(calls.events)
                .containsExactly(
                        "register", "localConfiguration", "unregister", "ended: rpc: shutdown");
        assertThat(calls.configurationText()).isEqualTo("{\"ingress\":[]}");
    }

    @Test
    void carriesARefusal() throws ProtocolException {
        ConnectionError error =
                new ConnectionError("Unauthorized: unknown tunnel", Duration.ofSeconds(20), true);
        connector.register(Recording.request());
        exchange();
        edge.refused(error);
        exchange();
        connector.close();
        exchange();
        assertThat(events.seen).containsExactly("refused " + error);
        assertThat(calls.events).containsExactly("register", "ended: rpc: shutdown");
    }

    @Test
    void mayBeClosedBeforeTheAnswer() throws ProtocolException {
        connector.register(Recording.request());
        exchange();
        connector.close();
        exchange();
        edge.registered(Recording.LOCAL);
        assertThat(toConnector.take()).isEmpty();
        assertThat(events.seen).isEmpty();
        assertThat(calls.events).containsExactly("register", "ended: rpc: shutdown");
    }

    @Test
    void carriesTheLargestConfiguration() throws ProtocolException {
        connector.register(Recording.request());
        exchange();
        edge.registered(Recording.LOCAL);
        exchange();
        connector.pushLocalConfiguration(new byte[1_000_000]);
        exchange();
        assertThat(calls.configuration).hasSize(1_000_000);
        assertThatThrownBy(() -> connector.pushLocalConfiguration(new byte[1_000_001]))
                .hasMessageContaining("at most 1000000");
    }

    @Test
    void keepsSecretsOutOfText() {
        assertThat(Recording.request().toString())
                .doesNotContain("tunnelSecret")
                .doesNotContain("[B@");
    }

    private void exchange() throws ProtocolException {
        for (byte[] bytes = toEdge.take(); bytes.length > 0; bytes = toEdge.take()) {
            edge.receive(ByteBuffer.wrap(bytes));
            connector.receive(ByteBuffer.wrap(toConnector.take()));
        }
        connector.receive(ByteBuffer.wrap(toConnector.take()));
        byte[] rest = toEdge.take();
        if (rest.length > 0) {
            edge.receive(ByteBuffer.wrap(rest));
        }
    }
}
