package dev.culvert.protocols.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.rpc.Abort;
import dev.culvert.protocols.rpc.Bootstrap;
import dev.culvert.protocols.rpc.CapDescriptor;
import dev.culvert.protocols.rpc.Finish;
import dev.culvert.protocols.rpc.Payload;
import dev.culvert.protocols.rpc.Resolve;
import dev.culvert.protocols.rpc.Return;
import dev.culvert.protocols.rpc.RpcError;
import dev.culvert.protocols.rpc.RpcMessage;
import dev.culvert.protocols.rpc.Unimplemented;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrationClientTest {
    private static final RpcError ERROR = new RpcError(RpcError.Kind.FAILED, "no");

    private final Recording.Sent sent = new Recording.Sent();
    private final Recording.Events events = new Recording.Events();
    private final RegistrationClient client = new RegistrationClient(sent, events);

    @BeforeEach
    void register() {
        client.register(Recording.request());
        sent.take();
    }

    @Test
    void failsWhenTheEdgeAborts() throws ProtocolException {
        receive(new Abort(ERROR), new Abort(ERROR));
        assertThat(events.seen).containsExactly("failed: the peer aborted: \"no\"");
    }

    @Test
    void failsWhenACallIsAnsweredWithAnException() throws ProtocolException {
        receive(new Return(1, new Return.Failed(ERROR)));
        assertThat(events.seen).containsExactly("failed: registerConnection: \"no\"");
    }

    @Test
    void failsWhenTheEdgeDoesNotKnowTheCall() throws ProtocolException {
        receive(new Unimplemented(new Bootstrap(0).message()));
        assertThat(events.seen).hasSize(1).allMatch(event -> event.startsWith("failed: "));
    }

    @Test
    void goesOnWhenTheLocalConfigurationIsNotTaken() throws ProtocolException {
        accept();
        client.pushLocalConfiguration(new byte[2]);
        receive(new Return(1, new Return.Failed(ERROR)));
        client.unregister();
        receive(new Return(1, new Return.Results(new Payload(Value.NULL, List.of()))));
        assertThat(events.seen)
                .containsExactly(
                        "registered " + Recording.LOCAL, "not accepted: \"no\"", "unregistered");
    }

    @Test
    void echoesQuestionsOfTheEdge() throws ProtocolException {
        Resolve resolve = new Resolve(0, new Resolve.Kept(CapDescriptor.senderHosted(0)));
        receive(resolve, new Bootstrap(0));
        assertThat(sent.take())
                .startsWith(new Unimplemented(resolve.message()).encode())
                .endsWith(new Unimplemented(new Bootstrap(0).message()).encode());
    }

    @Test
    void rejectsAnAnswerToNoQuestion() {
        assertThatThrownBy(() -> receive(new Return(7, new Return.Canceled())))
                .hasMessageContaining("return: 7");
    }

    @Test
    void rejectsABootstrapAnswerWithoutACapability() {
        assertBootstrapRejected(new Payload(Value.NULL, List.of()), "bootstrap answer");
        assertBootstrapRejected(
                new Payload(new Value.Capability(0), List.of()), "bootstrap answer");
        assertBootstrapRejected(
                new Payload(new Value.Capability(-1), List.of()), "bootstrap answer");
        CapDescriptor ours = new CapDescriptor(CapDescriptor.Kind.RECEIVER_HOSTED, 0, Value.NULL);
        assertBootstrapRejected(
                new Payload(new Value.Capability(0), List.of(ours)), "bootstrap capability");
    }

    @Test
    void rejectsAFinish() {
        assertThatThrownBy(() -> receive(new Finish(0, true)))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void finishesOpenQuestionsWhenClosed() {
        client.close();
        assertThat(sent.take())
                .startsWith(new Finish(0, true).encode())
                .endsWith(new Abort(new RpcError(RpcError.Kind.FAILED, "rpc: shutdown")).encode());
    }

    @Test
    void refusesToBeUsedOutOfTurn() {
        assertThatThrownBy(() -> client.register(Recording.request()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(client::unregister).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.pushLocalConfiguration(new byte[0]))
                .isInstanceOf(IllegalStateException.class);
    }

    private static void assertBootstrapRejected(Payload payload, String message) {
        RegistrationClientTest test = new RegistrationClientTest();
        test.register();
        assertThatThrownBy(() -> test.receive(new Return(0, new Return.Results(payload))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(message);
    }

    private void accept() throws ProtocolException {
        client.receive(ByteBuffer.wrap(Vectors.bytes("http2-local/01-e2c-return-bootstrap.bin")));
        client.receive(
                ByteBuffer.wrap(Vectors.bytes("http2-local/03-e2c-return-registerConnection.bin")));
        sent.take();
    }

    private void receive(RpcMessage... messages) throws ProtocolException {
        for (RpcMessage message : messages) {
            client.receive(ByteBuffer.wrap(message.encode()));
        }
    }
}
