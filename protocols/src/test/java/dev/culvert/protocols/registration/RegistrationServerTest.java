package dev.culvert.protocols.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.rpc.Abort;
import dev.culvert.protocols.rpc.Bootstrap;
import dev.culvert.protocols.rpc.Call;
import dev.culvert.protocols.rpc.CapDescriptor;
import dev.culvert.protocols.rpc.Finish;
import dev.culvert.protocols.rpc.MessageTarget;
import dev.culvert.protocols.rpc.Payload;
import dev.culvert.protocols.rpc.PromisedAnswer;
import dev.culvert.protocols.rpc.Release;
import dev.culvert.protocols.rpc.Resolve;
import dev.culvert.protocols.rpc.Return;
import dev.culvert.protocols.rpc.RpcError;
import dev.culvert.protocols.rpc.RpcMessage;
import dev.culvert.protocols.rpc.Unimplemented;
import dev.culvert.protocols.rpc.Unknown;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationServerTest {
    private static final MessageTarget CAPABILITY = new MessageTarget.ImportedCap(0);
    private static final MessageTarget PIPELINED = promised(0);

    private final Recording.Sent sent = new Recording.Sent();
    private final Recording.Calls calls = new Recording.Calls();
    private final RegistrationServer server = new RegistrationServer(sent, calls);

    @Test
    void acceptsACallOfTheCapabilityAsOfTheBootstrapAnswer() throws ProtocolException {
        send(new Bootstrap(0));
        assertThat(answers()).hasSize(1);
        send(call(1, CAPABILITY, 0, request()));
        assertThat(calls.events).containsExactly("register");
    }

    @Test
    void acceptsAPipelinedCallInTheSameBytesAsTheBootstrap() throws ProtocolException {
        send(new Bootstrap(0), call(1, PIPELINED, 0, request()));
        assertThat(calls.events).containsExactly("register");
    }

    @Test
    void refusesACallWithoutABootstrap() throws ProtocolException {
        send(call(1, PIPELINED, 0, request()));
        assertException(1, RpcError.Kind.FAILED, "target");
        send(call(2, CAPABILITY, 0, request()));
        assertException(2, RpcError.Kind.FAILED, "target");
        assertThat(calls.events).isEmpty();
    }

    @Test
    void refusesACallOfAFieldOfTheBootstrapAnswerOrOfAnotherAnswer() throws ProtocolException {
        send(new Bootstrap(0), call(1, PIPELINED, 0, request()));
        answers();
        send(
                call(
                        2,
                        new MessageTarget.Promised(new PromisedAnswer(0, List.of(0))),
                        1,
                        Struct.EMPTY));
        assertException(2, RpcError.Kind.FAILED, "target");
        send(call(3, promised(1), 1, Struct.EMPTY));
        assertException(3, RpcError.Kind.FAILED, "target");
        send(call(4, new MessageTarget.ImportedCap(1), 1, Struct.EMPTY));
        assertException(4, RpcError.Kind.FAILED, "target");
    }

    @Test
    void refusesASecondRegistrationAndKeepsTheFirst() throws ProtocolException {
        register();
        send(call(2, CAPABILITY, 0, request()));
        assertException(2, RpcError.Kind.FAILED, "a second one");
        assertThat(calls.events).containsExactly("register");
    }

    @Test
    void refusesUnknownInterfacesAndMethodsAsUnimplemented() throws ProtocolException {
        register();
        send(call(2, CAPABILITY, 3, Struct.EMPTY));
        assertException(2, RpcError.Kind.UNIMPLEMENTED, "method: 3");
        send(new Call(3, CAPABILITY, 0xea58385c65416035L, 0, Payload.of(Struct.EMPTY), 0));
        assertException(3, RpcError.Kind.UNIMPLEMENTED, "0xea58385c65416035");
        send(new Call(4, CAPABILITY, Schema.REGISTRATION_SERVER, 1, Payload.of(Struct.EMPTY), 1));
        assertException(4, RpcError.Kind.UNIMPLEMENTED, "sendResultsTo");
    }

    @Test
    void refusesConfigurationAndUnregisterBeforeTheRegistration() throws ProtocolException {
        send(new Bootstrap(0), call(1, PIPELINED, 0, request()));
        answers();
        send(call(2, CAPABILITY, 1, Struct.EMPTY));
        assertException(2, RpcError.Kind.FAILED, "not registered");
        send(call(3, CAPABILITY, 2, Struct.EMPTY));
        assertException(3, RpcError.Kind.FAILED, "not registered");
    }

    @Test
    void echoesMessagesItDoesNotKnow() throws ProtocolException {
        for (int tag : new int[] {7, 9, 10, 11, 12, 14, 65535}) {
            Unknown unknown =
                    new Unknown(new StructBuilder(1, 1).u16(0, tag).pointer(0, request()).build());
            send(unknown);
            assertThat(answers()).containsExactly(new Unimplemented(unknown.message()));
        }
        Resolve resolve = new Resolve(1, new Resolve.Kept(CapDescriptor.senderHosted(1)));
        send(resolve);
        assertThat(answers()).containsExactly(new Unimplemented(resolve.message()));
        send(new Unimplemented(resolve.message()));
        assertThat(answers()).isEmpty();
    }

    @Test
    void takesAQuestionNumberAgainAfterItsFinish() throws ProtocolException {
        register();
        for (int i = 0; i < 1000; i++) {
            send(
                    call(
                            2,
                            CAPABILITY,
                            2,
                            new StructBuilder(0, 1).data(0, new byte[] {'{', '}'}).build()));
            assertThat(answers())
                    .containsExactly(new Return(2, new Return.Results(Payload.of(Struct.EMPTY))));
            send(new Finish(2, i % 2 == 0));
        }
        assertThat(calls.configurationText()).isEqualTo("{}");
    }

    @Test
    void cancelsAQuestionFinishedBeforeItsAnswer() throws ProtocolException {
        send(new Bootstrap(0), call(1, PIPELINED, 0, request()));
        answers();
        send(new Finish(1, false));
        assertThat(answers()).containsExactly(new Return(1, new Return.Canceled()));
        send(call(1, CAPABILITY, 9, Struct.EMPTY));
        answers();
        server.registered(Recording.LOCAL);
        assertThat(answers()).isEmpty();
    }

    @Test
    void rejectsAQuestionNumberInUse() {
        assertThatThrownBy(() -> send(new Bootstrap(5), new Bootstrap(5)))
                .hasMessageContaining("question: 5");
        assertAborted();
    }

    @Test
    void rejectsTooManyOpenQuestions() throws ProtocolException {
        for (int i = 0; i < 64; i++) {
            send(new Bootstrap(i));
        }
        answers();
        assertThatThrownBy(() -> send(new Bootstrap(64)))
                .hasMessageContaining("open questions: 65");
        assertAborted();
    }

    @Test
    void rejectsAFinishOfNothing() {
        assertThatThrownBy(() -> send(new Finish(3, true))).hasMessageContaining("finish: 3");
    }

    @Test
    void rejectsAReleaseOfMoreThanWasGiven() throws ProtocolException {
        send(new Bootstrap(0), new Bootstrap(1), new Release(0, 1));
        answers();
        assertThatThrownBy(() -> send(new Release(0, 2)))
                .hasMessageContaining("at most 1 of capability 0");
        assertAborted();
    }

    @Test
    void rejectsAReleaseOfAnotherCapability() {
        assertThatThrownBy(() -> send(new Bootstrap(0), new Release(1, 1)))
                .hasMessageContaining("capability 1");
    }

    @Test
    void refusesCallsOfAReleasedCapability() throws ProtocolException {
        send(new Bootstrap(0), new Finish(0, true));
        answers();
        send(call(1, CAPABILITY, 0, request()));
        assertException(1, RpcError.Kind.FAILED, "target");
    }

    @Test
    void rejectsAReturn() {
        assertThatThrownBy(() -> send(new Return(0, new Return.Canceled())))
                .hasMessageContaining("return: 0");
    }

    @Test
    void rejectsParametersAboveTheirBounds() {
        RegisterConnection good = Recording.request();
        assertRejected(good.tunnelSecret().length + 1024, "length of pointer 1");
        RegisterConnection longTag =
                new RegisterConnection(
                        "a".repeat(257), Recording.SECRET, good.tunnelId(), 0, good.options());
        assertThatThrownBy(() -> registerWith(longTag.encode()))
                .hasMessageContaining("at most 256");
    }

    @Test
    void rejectsATunnelIdThatIsNoUuid() {
        Struct params = new StructBuilder(1, 3).data(1, new byte[15]).build();
        assertThatThrownBy(() -> registerWith(params))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("tunnelId: 15 bytes (expected: a UUID of 16)");
    }

    @Test
    void ignoresWhatFollowsTheEnd() throws ProtocolException {
        send(new Abort(new RpcError(RpcError.Kind.FAILED, "bye")), new Finish(99, true));
        send(new Finish(99, true));
        assertThat(calls.events).containsExactly("ended: bye");
        assertThat(answers()).isEmpty();
    }

    @Test
    void refusesToAnswerOutOfTurn() {
        assertThatThrownBy(() -> server.registered(Recording.LOCAL))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::unregistered).isInstanceOf(IllegalStateException.class);
    }

    private void assertRejected(int secretLength, String message) {
        RegisterConnection good = Recording.request();
        RegisterConnection bad =
                new RegisterConnection(
                        "a", new byte[secretLength], good.tunnelId(), 0, good.options());
        assertThatThrownBy(() -> new RegistrationServerTest().registerWith(bad.encode()))
                .hasMessageContaining(message);
    }

    private void register() throws ProtocolException {
        registerWith(request());
        server.registered(Recording.LOCAL);
        answers();
    }

    private void registerWith(Struct params) throws ProtocolException {
        send(new Bootstrap(0), call(1, PIPELINED, 0, params));
    }

    private static Struct request() {
        return Recording.request().encode();
    }

    private static MessageTarget promised(int question) {
        return new MessageTarget.Promised(new PromisedAnswer(question, List.of()));
    }

    private static Call call(int question, MessageTarget target, int method, Struct params) {
        return new Call(
                question,
                target,
                Schema.REGISTRATION_SERVER,
                method,
                Payload.of(params),
                Call.TO_CALLER);
    }

    private void send(RpcMessage... messages) throws ProtocolException {
        for (RpcMessage message : messages) {
            server.receive(ByteBuffer.wrap(message.encode()));
        }
    }

    private void assertException(int question, RpcError.Kind kind, String reason)
            throws ProtocolException {
        Return r = (Return) answers().getLast();
        assertThat(r.answerId()).isEqualTo(question);
        RpcError error = ((Return.Failed) r.outcome()).error();
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.reason()).contains(reason);
    }

    private void assertAborted() {
        try {
            assertThat(answers().getLast()).isInstanceOf(Abort.class);
            send(new Bootstrap(77));
            assertThat(answers()).isEmpty();
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    private List<RpcMessage> answers() throws ProtocolException {
        ByteBuffer in = ByteBuffer.wrap(sent.take());
        MessageFramer framer = new MessageFramer(MessageLimits.REGISTRATION);
        List<RpcMessage> messages = new ArrayList<>();
        for (Struct root = framer.next(in); root != null; root = framer.next(in)) {
            messages.add(RpcMessage.decode(root));
        }
        return messages;
    }
}
