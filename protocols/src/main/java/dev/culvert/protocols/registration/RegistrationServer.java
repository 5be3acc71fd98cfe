package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.rpc.Abort;
import dev.culvert.protocols.rpc.Bootstrap;
import dev.culvert.protocols.rpc.Call;
import dev.culvert.protocols.rpc.CapDescriptor;
import dev.culvert.protocols.rpc.Disembargo;
import dev.culvert.protocols.rpc.Finish;
import dev.culvert.protocols.rpc.MessageTarget;
import dev.culvert.protocols.rpc.Payload;
import dev.culvert.protocols.rpc.Release;
import dev.culvert.protocols.rpc.Resolve;
import dev.culvert.protocols.rpc.Return;
import dev.culvert.protocols.rpc.RpcError;
import dev.culvert.protocols.rpc.RpcMessage;
import dev.culvert.protocols.rpc.Unimplemented;
import dev.culvert.protocols.rpc.Unknown;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The edge's end of a registration conversation.
///
/// # Course
///
/// registerConnection is accepted once and answered by [#registered] or [#refused], when the caller
/// has decided; then local configurations, acknowledged at once; then unregisterConnection once,
/// answered by [#unregistered]. Whatever comes out of turn is answered with an exception and goes
/// no further.
///
/// # Questions
///
/// A question is open from its message to its [Finish] (at most 64 at a time) and its number may be
/// used again afterwards. A Finish that overtakes the answer cancels the question: the answer given
/// later is dropped.
///
/// # End
///
/// By an [Abort] of the peer, after which [Calls#ended] has been called, or by a
/// [ProtocolException], after which an Abort has been sent. Either way the caller closes the stream,
/// and bytes that still come are ignored.
///
/// Not thread-safe: confined to the connection's event loop. Answers may be given inside a callback.
public final class RegistrationServer {
    private static final int MAX_QUESTIONS = 64;
    private static final int CAPABILITY = 0;
    private static final int NONE = -1;

    /// What the connector asks for.
    public interface Calls {
        /// To be answered by [#registered] or [#refused].
        void register(RegisterConnection request);

        /// No more streams for this connection. To be answered by [#unregistered].
        void unregister();

        /// The connector's ingress rules, for show. At most 1,000,000 bytes, not parsed.
        void localConfiguration(byte[] json);

        /// The connector ended the conversation.
        ///
        /// @param reason as it sent it, at most 4096 bytes: to be escaped before it is shown
        void ended(String reason);
    }

    private enum Stage {
        NEW,
        DECIDING,
        REGISTERED,
        LEAVING,
        LEFT,
        REFUSED
    }

    private enum Question {
        BOOTSTRAP,
        /// A call that has no answer yet.
        WAITING,
        ANSWERED
    }

    private final Consumer<byte[]> out;
    private final Calls calls;
    private final MessageFramer framer = new MessageFramer(MessageLimits.REGISTRATION);
    private final Map<Integer, Question> questions = new HashMap<>();
    private Stage stage = Stage.NEW;
    private long registerQuestion = NONE;
    private long unregisterQuestion = NONE;

    /// References the connector holds to our only capability.
    private long references;

    private boolean ended;

    /// @param out takes whole messages to send, in order
    public RegistrationServer(Consumer<byte[]> out, Calls calls) {
        this.out = out;
        this.calls = calls;
    }

    /// Takes bytes of the stream, split anywhere; all of `in` is used.
    public void receive(ByteBuffer in) throws ProtocolException {
        try {
            while (!ended) {
                Struct message = framer.next(in);
                if (message == null) {
                    return;
                }
                handle(message);
            }
            in.position(in.limit());
        } catch (ProtocolException e) {
            ended = true;
            send(new Abort(new RpcError(RpcError.Kind.FAILED, String.valueOf(e.getMessage()))));
            throw e;
        }
    }

    /// Accepts the connection.
    public void registered(ConnectionDetails details) {
        decide(details, Stage.REGISTERED);
    }

    /// Refuses the connection. The caller closes it after the bytes are out: over HTTP/2 cloudflared
    /// does not.
    public void refused(ConnectionError error) {
        decide(error, Stage.REFUSED);
    }

    /// Says that no more streams will come for this connection.
    public void unregistered() {
        if (stage != Stage.LEAVING) {
            throw new IllegalStateException("unregistered: " + stage + " (expected: LEAVING)");
        }
        stage = Stage.LEFT;
        answer(unregisterQuestion, Struct.EMPTY);
    }

    private void decide(ConnectionResponse response, Stage next) {
        if (stage != Stage.DECIDING) {
            throw new IllegalStateException("decision: " + stage + " (expected: DECIDING)");
        }
        stage = next;
        answer(registerQuestion, ConnectionResponse.results(response));
    }

    private void handle(Struct message) throws ProtocolException {
        switch (RpcMessage.decode(message)) {
            case Bootstrap bootstrap -> bootstrap(bootstrap);
            case Call call -> call(call);
            case Finish finish -> finish(finish);
            case Release release -> release(release);
            case Abort(RpcError error) -> {
                ended = true;
                calls.ended(error.reason());
            }
            case Return r ->
                    throw ProtocolException.of(
                            "return",
                            Integer.toUnsignedString(r.answerId()),
                            "none: nothing was asked");
            case Unimplemented _ -> {}
            case Resolve _, Disembargo _, Unknown _ -> send(new Unimplemented(message));
        }
    }

    private void bootstrap(Bootstrap bootstrap) throws ProtocolException {
        open(bootstrap.questionId(), Question.BOOTSTRAP);
        references++;
        Payload capability =
                new Payload(
                        new Value.Capability(0), List.of(CapDescriptor.senderHosted(CAPABILITY)));
        send(new Return(bootstrap.questionId(), new Return.Results(capability)));
    }

    private void call(Call call) throws ProtocolException {
        int question = call.questionId();
        open(question, Question.WAITING);
        if (call.resultsTo() != Call.TO_CALLER) {
            refuse(
                    question,
                    RpcError.Kind.UNIMPLEMENTED,
                    "sendResultsTo: results go to the caller only");
        } else if (!targetsUs(call.target())) {
            refuse(
                    question,
                    RpcError.Kind.FAILED,
                    "target: no capability there (expected: the bootstrap)");
        } else if (call.interfaceId() != Schema.REGISTRATION_SERVER) {
            refuse(question, RpcError.Kind.UNIMPLEMENTED, unknownInterface(call.interfaceId()));
        } else {
            switch (call.methodId()) {
                case Schema.REGISTER_CONNECTION -> register(question, call.params());
                case Schema.UNREGISTER_CONNECTION -> unregister(question);
                case Schema.UPDATE_LOCAL_CONFIGURATION ->
                        localConfiguration(question, call.params());
                default ->
                        refuse(
                                question,
                                RpcError.Kind.UNIMPLEMENTED,
                                "method: " + call.methodId() + " (expected: 0, 1 or 2)");
            }
        }
    }

    private static String unknownInterface(long id) {
        return "interface: 0x"
                + Long.toHexString(id)
                + " (expected: 0x"
                + Long.toHexString(Schema.REGISTRATION_SERVER)
                + ")";
    }

    private boolean targetsUs(MessageTarget target) {
        return switch (target) {
            case MessageTarget.ImportedCap(int id) -> id == CAPABILITY && references > 0;
            case MessageTarget.Promised(var answer) ->
                    answer.path().isEmpty()
                            && questions.get(answer.questionId()) == Question.BOOTSTRAP;
        };
    }

    private void register(int question, Payload params) throws ProtocolException {
        if (stage != Stage.NEW) {
            refuse(
                    question,
                    RpcError.Kind.FAILED,
                    "registerConnection: a second one (expected: one a connection)");
            return;
        }
        RegisterConnection request = RegisterConnection.decode(params.fields());
        stage = Stage.DECIDING;
        registerQuestion = Integer.toUnsignedLong(question);
        calls.register(request);
    }

    private void unregister(int question) {
        if (stage != Stage.REGISTERED) {
            refuse(
                    question,
                    RpcError.Kind.FAILED,
                    "unregisterConnection: not registered, or leaving already");
            return;
        }
        stage = Stage.LEAVING;
        unregisterQuestion = Integer.toUnsignedLong(question);
        calls.unregister();
    }

    private void localConfiguration(int question, Payload params) throws ProtocolException {
        if (stage != Stage.REGISTERED) {
            refuse(
                    question,
                    RpcError.Kind.FAILED,
                    "updateLocalConfiguration: not registered, or leaving");
            return;
        }
        byte[] json = params.fields().data(0, Schema.MAX_CONFIGURATION);
        answer(Integer.toUnsignedLong(question), Struct.EMPTY);
        calls.localConfiguration(json);
    }

    private void finish(Finish finish) throws ProtocolException {
        int id = finish.questionId();
        Question question = questions.remove(id);
        switch (question) {
            case null ->
                    throw ProtocolException.of(
                            "finish", Integer.toUnsignedString(id), "an open question");
            case BOOTSTRAP -> {
                if (finish.releaseResultCaps()) {
                    release(new Release(CAPABILITY, 1));
                }
            }
            case WAITING -> {
                forget(id);
                send(new Return(id, new Return.Canceled()));
            }
            case ANSWERED -> {}
        }
    }

    /// A late answer must not go to a question that has taken over the number.
    private void forget(int id) {
        long question = Integer.toUnsignedLong(id);
        registerQuestion = registerQuestion == question ? NONE : registerQuestion;
        unregisterQuestion = unregisterQuestion == question ? NONE : unregisterQuestion;
    }

    private void release(Release release) throws ProtocolException {
        long count = Integer.toUnsignedLong(release.count());
        if (release.id() != CAPABILITY || count > references) {
            throw ProtocolException.of(
                    "release",
                    count + " of capability " + Integer.toUnsignedString(release.id()),
                    "at most " + references + " of capability 0");
        }
        references -= count;
    }

    private void open(int question, Question kind) throws ProtocolException {
        if (questions.size() >= MAX_QUESTIONS) {
            throw ProtocolException.of(
                    "open questions", questions.size() + 1, "at most " + MAX_QUESTIONS);
        }
        if (questions.putIfAbsent(question, kind) != null) {
            throw ProtocolException.of(
                    "question", Integer.toUnsignedString(question), "a number not in use");
        }
    }

    private void answer(long question, Struct results) {
        if (question != NONE && !ended) {
            questions.put((int) question, Question.ANSWERED);
            forget((int) question);
            send(new Return((int) question, new Return.Results(Payload.of(results))));
        }
    }

    private void refuse(int question, RpcError.Kind kind, String reason) {
        questions.put(question, Question.ANSWERED);
        send(new Return(question, new Return.Failed(new RpcError(kind, reason))));
    }

    private void send(RpcMessage message) {
        out.accept(message.encode());
    }
}
