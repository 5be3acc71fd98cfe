package dev.culvert.protocols.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.rpc.Abort;
import dev.culvert.protocols.rpc.Bootstrap;
import dev.culvert.protocols.rpc.Call;
import dev.culvert.protocols.rpc.CapDescriptor;
import dev.culvert.protocols.rpc.Finish;
import dev.culvert.protocols.rpc.MessageTarget;
import dev.culvert.protocols.rpc.Payload;
import dev.culvert.protocols.rpc.PromisedAnswer;
import dev.culvert.protocols.rpc.Return;
import dev.culvert.protocols.rpc.RpcError;
import dev.culvert.protocols.rpc.RpcMessage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The edge's end and the connector's joined by their bytes, and each against messages made by hand.
class ConfigurationConversationTest {
    private static final byte[] JSON = "{\"ingress\":[]}".getBytes(StandardCharsets.UTF_8);
    private static final UpdateConfiguration UPDATE = new UpdateConfiguration(7, JSON);
    private static final long SESSION_MANAGER = 0x839445a59fb01686L;

    private final ByteArrayOutputStream toConnector = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toEdge = new ByteArrayOutputStream();
    private final List<String> edgeSaw = new ArrayList<>();
    private final List<String> connectorSaw = new ArrayList<>();
    private final ConfigurationClient edge =
            new ConfigurationClient(
                    toConnector::writeBytes,
                    result -> edgeSaw.add(result.toString()),
                    reason -> edgeSaw.add("failed: " + reason));
    private final ConfigurationServer connector =
            new ConfigurationServer(
                    toEdge::writeBytes,
                    new ConfigurationServer.Calls() {
                        @Override
                        public void update(UpdateConfiguration update) {
                            connectorSaw.add(
                                    update.version()
                                            + " "
                                            + new String(update.json(), StandardCharsets.UTF_8));
                        }

                        @Override
                        public void ended() {
                            connectorSaw.add("ended");
                        }
                    });

    private static byte[] taken(ByteArrayOutputStream out) {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    private void exchange() throws ProtocolException {
        while (toConnector.size() + toEdge.size() > 0) {
            connector.receive(ByteBuffer.wrap(taken(toConnector)));
            edge.receive(ByteBuffer.wrap(taken(toEdge)));
        }
    }

    private static List<RpcMessage> messages(byte[] bytes) throws ProtocolException {
        List<RpcMessage> all = new ArrayList<>();
        MessageFramer framer = new MessageFramer(UpdateConfiguration.LIMITS);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        for (Struct m = framer.next(in); m != null; m = framer.next(in)) {
            all.add(RpcMessage.decode(m));
        }
        return all;
    }

    private void send(RpcMessage... messages) throws ProtocolException {
        for (RpcMessage message : messages) {
            connector.receive(ByteBuffer.wrap(message.encode()));
        }
    }

    private static Call call(int question, long interfaceId, int method, Struct params) {
        return new Call(
                question,
                new MessageTarget.Promised(new PromisedAnswer(0, List.of())),
                interfaceId,
                method,
                Payload.of(params),
                Call.TO_CALLER);
    }

    private static Call update(int question) {
        return call(question, UpdateConfiguration.CONFIGURATION_MANAGER, 0, UPDATE.encode());
    }

    // ---- each against the other

    @Test
    void goesItsWholeCourse() throws ProtocolException {
        edge.update(UPDATE);
        exchange();
        assertThat(connectorSaw).containsExactly("7 {\"ingress\":[]}");
        connector.updated(new UpdateConfiguration.Result(7, ""));
        exchange();
        edge.close();
        exchange();
        edge.close();
        assertThat(toConnector.size()).isZero();
        assertThat(edgeSaw).containsExactly("Result[version=7, error=]");
        assertThat(connectorSaw).containsExactly("7 {\"ingress\":[]}", "ended");
    }

    @Test
    void carriesWhyItWasNotTaken() throws ProtocolException {
        edge.update(UPDATE);
        exchange();
        connector.updated(new UpdateConfiguration.Result(-1, "rule 1: no service \u00e4"));
        exchange();
        assertThat(edgeSaw).containsExactly("Result[version=-1, error=rule 1: no service \u00e4]");
    }

    @Test
    void carriesTheLargestConfiguration() throws ProtocolException {
        byte[] large = new byte[UpdateConfiguration.MAX_BYTES];
        Arrays.fill(large, (byte) ' ');
        edge.update(new UpdateConfiguration(1, large));
        exchange();
        assertThat(connectorSaw.getFirst()).hasSize(large.length + 2);
    }

    @Test
    void isUnderstoodSplitAtEveryIndexAndByteByByte() throws ProtocolException {
        edge.update(UPDATE);
        byte[] asked = taken(toConnector);
        for (int split = 0; split <= asked.length; split++) {
            ConfigurationConversationTest fresh = new ConfigurationConversationTest();
            fresh.connector.receive(ByteBuffer.wrap(asked, 0, split));
            assertThat(fresh.connectorSaw).hasSize(split < asked.length ? 0 : 1);
            fresh.connector.receive(ByteBuffer.wrap(asked, split, asked.length - split));
            assertThat(fresh.connectorSaw).containsExactly("7 {\"ingress\":[]}");
        }
        for (byte b : asked) {
            connector.receive(ByteBuffer.wrap(new byte[] {b}));
        }
        connector.updated(new UpdateConfiguration.Result(7, ""));
        for (byte b : taken(toEdge)) {
            edge.receive(ByteBuffer.wrap(new byte[] {b}));
        }
        assertThat(edgeSaw).containsExactly("Result[version=7, error=]");
    }

    // ---- the connector's end against an edge made by hand

    /// Laid out by hand from the schema: bootstrap, then updateConfiguration(version 7, "{}") on its
    /// promised answer.
    @Test
    void understandsBytesMadeByHand() throws ProtocolException {
        connector.receive(
                ByteBuffer.wrap(
                        Vectors.hex(
                                """
                                00000000 05000000 0000000001000100 0800000000000000
                                0000000001000100 0000000000000000 0000000000000000
                                """)));
        connector.receive(
                ByteBuffer.wrap(
                        Vectors.hex(
                                """
                                00000000 12000000
                                0000000001000100 0200000000000000 0000000003000300
                                0100000000000000 04db25aabddf8eb4 0000000000000000
                                0800000001000100 1400000000000200 0000000000000000
                                0000000001000000 0000000001000100 0000000000000000
                                0000000000000000
                                0400000001000100 0000000000000000
                                0700000000000000 0100000012000000 7b7d000000000000
                                """)));
        assertThat(connectorSaw).containsExactly("7 {}");
    }

    @Test
    void answersSessionsAsNotImplemented() throws ProtocolException {
        send(new Bootstrap(0), call(1, SESSION_MANAGER, 0, Struct.EMPTY));
        send(call(2, SESSION_MANAGER, 1, Struct.EMPTY));
        assertThat(refusals())
                .containsExactly(RpcError.Kind.UNIMPLEMENTED, RpcError.Kind.UNIMPLEMENTED);
        assertThat(connectorSaw).isEmpty();
    }

    @Test
    void answersOtherMethodsAsNotImplemented() throws ProtocolException {
        send(
                new Bootstrap(0),
                call(1, UpdateConfiguration.CONFIGURATION_MANAGER, 1, UPDATE.encode()));
        assertThat(refusals()).containsExactly(RpcError.Kind.UNIMPLEMENTED);
    }

    @Test
    void takesOneUpdateAtATime() throws ProtocolException {
        send(new Bootstrap(0), update(1), update(2));
        assertThat(refusals()).containsExactly(RpcError.Kind.OVERLOADED);
        connector.updated(new UpdateConfiguration.Result(7, ""));
        send(new Finish(1, true), new Finish(2, true), update(1));
        assertThat(connectorSaw).hasSize(2);
    }

    private List<RpcError.Kind> refusals() throws ProtocolException {
        List<RpcError.Kind> kinds = new ArrayList<>();
        for (RpcMessage message : messages(taken(toEdge))) {
            if (message instanceof Return r && r.outcome() instanceof Return.Failed(RpcError e)) {
                kinds.add(e.kind());
            }
        }
        return kinds;
    }

    @Test
    void givesNoAnswerToAnEdgeThatStoppedWaiting() throws ProtocolException {
        send(new Bootstrap(0), update(1), new Finish(1, true));
        taken(toEdge);
        connector.updated(new UpdateConfiguration.Result(7, ""));
        assertThat(toEdge.size()).isZero();
        send(update(1));
        assertThat(connectorSaw).hasSize(2);
    }

    @Test
    void givesNoAnswerAfterTheEnd() throws ProtocolException {
        send(new Bootstrap(0), update(1));
        taken(toEdge);
        send(new Abort(new RpcError(RpcError.Kind.FAILED, "rpc: shutdown")));
        connector.updated(new UpdateConfiguration.Result(7, ""));
        assertThat(toEdge.size()).isZero();
        assertThat(connectorSaw).endsWith("ended");
    }

    @Test
    void rejectsAConfigurationThatIsTooLongOrNoBytes() throws ProtocolException {
        send(new Bootstrap(0));
        byte[] large = new byte[UpdateConfiguration.MAX_BYTES + 1];
        Struct params = new UpdateConfiguration(1, large).encode();
        assertThatThrownBy(
                        () -> send(call(1, UpdateConfiguration.CONFIGURATION_MANAGER, 0, params)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at most " + UpdateConfiguration.MAX_BYTES);
        assertThat(messages(taken(toEdge)).getLast()).isInstanceOf(Abort.class);
        assertThat(connectorSaw).isEmpty();
    }

    @Test
    void rejectsParametersOfAnotherKind() throws ProtocolException {
        send(new Bootstrap(0));
        Struct params = new StructBuilder(1, 1).pointer(0, Struct.EMPTY).build();
        assertThatThrownBy(
                        () -> send(call(1, UpdateConfiguration.CONFIGURATION_MANAGER, 0, params)))
                .hasMessageContaining("a list of bytes");
    }

    // ---- the edge's end against a connector made by hand

    private void answer(RpcMessage... messages) throws ProtocolException {
        for (RpcMessage message : messages) {
            edge.receive(ByteBuffer.wrap(message.encode()));
        }
    }

    private static Return bootstrapped() {
        return new Return(
                0,
                new Return.Results(
                        new Payload(
                                new Value.Capability(0), List.of(CapDescriptor.senderHosted(4)))));
    }

    @Test
    void takesARefusalForAFailure() throws ProtocolException {
        edge.update(UPDATE);
        answer(
                bootstrapped(),
                new Return(1, new Return.Failed(new RpcError(RpcError.Kind.FAILED, "broken\n"))));
        assertThat(edgeSaw).containsExactly("failed: \"broken\\u000a\"");
    }

    @Test
    void takesAnAbortForAFailure() throws ProtocolException {
        edge.update(UPDATE);
        answer(new Abort(new RpcError(RpcError.Kind.FAILED, "gone")));
        assertThat(edgeSaw).hasSize(1).first().asString().contains("gone");
    }

    @Test
    void readsResultsOfDefaults() throws ProtocolException {
        edge.update(UPDATE);
        answer(bootstrapped(), new Return(1, new Return.Results(Payload.of(Struct.EMPTY))));
        assertThat(edgeSaw).containsExactly("Result[version=0, error=]");
    }

    @Test
    void rejectsResultsThatAreNone() throws ProtocolException {
        edge.update(UPDATE);
        Payload none = new Payload(new Value.Capability(0), List.of());
        assertThatThrownBy(() -> answer(bootstrapped(), new Return(1, new Return.Results(none))))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void rejectsAnErrorTextThatIsTooLong() throws ProtocolException {
        edge.update(UPDATE);
        Struct results = new UpdateConfiguration.Result(1, "e".repeat(4097)).encode();
        assertThatThrownBy(() ->
                        answer(
                                bootstrapped(),
                                new Return(1, new Return.Results(Payload.of(results)))))
                .hasMessageContaining("at most 4096");
    }

    @Test
    void rejectsAnswersToWhatWasNotAsked() throws ProtocolException {
        edge.update(UPDATE);
        assertThatThrownBy(
                        () -> answer(new Return(2, new Return.Results(Payload.of(Struct.EMPTY)))))
                .hasMessageContaining("open question");
    }
}
