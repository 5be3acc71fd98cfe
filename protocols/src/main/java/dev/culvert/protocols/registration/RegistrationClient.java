package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.StructBuilder;
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
import dev.culvert.protocols.rpc.PromisedAnswer;
import dev.culvert.protocols.rpc.Release;
import dev.culvert.protocols.rpc.Resolve;
import dev.culvert.protocols.rpc.Return;
import dev.culvert.protocols.rpc.RpcError;
import dev.culvert.protocols.rpc.RpcMessage;
import dev.culvert.protocols.rpc.Unimplemented;
import dev.culvert.protocols.rpc.Unknown;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The connector's end of a registration conversation.
///
/// # Course
///
/// [#register] once; after [Events#registered], [#pushLocalConfiguration] where it is due and
/// [#unregister] before the connector stops; [#close] at the end of all. Deadlines are the caller's.
///
/// # Questions
///
/// Numbers are used again, the one freed last first, as cloudflared does. Each answer is finished at
/// once without releasing its capabilities; the one of the bootstrap is released by [#close].
///
/// # End
///
/// [Events#failed] comes at most once and nothing after it. After it, or after a
/// [ProtocolException], the caller calls [#close] and closes the stream.
///
/// Not thread-safe: confined to the connection's event loop. Methods may be called inside an event.
public final class RegistrationClient {

    /// What the edge answers.
    public interface Events {
        void registered(ConnectionDetails details);

        /// The conversation is of no more use: close it and the connection.
        void refused(ConnectionError error);

        void localConfigurationAccepted();

        /// The edge did not take the local configuration, which only its display needs.
        default void localConfigurationRefused(String reason) {}

        void unregistered();

        /// The edge broke off, or answered a call with an exception.
        void failed(String reason);
    }

    private enum Question {
        BOOTSTRAP("bootstrap"),
        REGISTER("registerConnection"),
        CONFIGURATION("updateLocalConfiguration"),
        UNREGISTER("unregisterConnection");

        private final String method;

        Question(String method) {
            this.method = method;
        }
    }

    private final Consumer<byte[]> out;
    private final Events events;
    private final MessageFramer framer = new MessageFramer(MessageLimits.REGISTRATION);
    private final Map<Integer, Question> questions = new TreeMap<>();
    private final Deque<Integer> freed = new ArrayDeque<>();
    private int unused;
    private int bootstrapQuestion;
    private int capability;

    /// Whether the edge's capability has come, so that it has to be released.
    private boolean imported;

    private boolean started;
    private boolean registered;
    private boolean ended;
    private boolean closed;

    /// @param out takes bytes to send, in order; whole messages, sometimes several
    public RegistrationClient(Consumer<byte[]> out, Events events) {
        this.out = out;
        this.events = events;
    }

    /// Asks for the edge's capability and calls it, in one burst: one round trip.
    public void register(RegisterConnection request) {
        if (started || closed) {
            throw new IllegalStateException("register: a second time, or closed (expected: once)");
        }
        started = true;
        bootstrapQuestion = ask(Question.BOOTSTRAP);
        byte[] bootstrap = new Bootstrap(bootstrapQuestion).encode();
        byte[] call =
                call(Question.REGISTER, Schema.REGISTER_CONNECTION, request.encode()).encode();
        out.accept(
                ByteBuffer.allocate(bootstrap.length + call.length)
                        .put(bootstrap)
                        .put(call)
                        .array());
    }

    /// Shows the edge the rules of a locally configured connector.
    ///
    /// @param json at most 1,000,000 bytes
    public void pushLocalConfiguration(byte[] json) {
        requireRegistered("pushLocalConfiguration");
        if (json.length > Schema.MAX_CONFIGURATION) {
            throw new IllegalArgumentException(
                    "configuration: "
                            + json.length
                            + " bytes (expected: at most "
                            + Schema.MAX_CONFIGURATION
                            + ")");
        }
        Struct params = new StructBuilder(0, 1).data(0, json).build();
        send(call(Question.CONFIGURATION, Schema.UPDATE_LOCAL_CONFIGURATION, params));
    }

    /// Asks the edge to send no more streams.
    public void unregister() {
        requireRegistered("unregister");
        send(call(Question.UNREGISTER, Schema.UNREGISTER_CONNECTION, Struct.EMPTY));
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
            throw e;
        }
    }

    /// Ends the conversation: open questions finished, the capability released, abort. Does nothing
    /// the second time. The caller ends the stream after it.
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ended = true;
        questions.keySet().forEach(id -> send(new Finish(id, true)));
        questions.clear();
        if (imported) {
            send(new Release(capability, 1));
        }
        send(new Abort(new RpcError(RpcError.Kind.FAILED, "rpc: shutdown")));
    }

    private void handle(Struct message) throws ProtocolException {
        switch (RpcMessage.decode(message)) {
            case Return r -> returned(r);
            case Abort(RpcError error) ->
                    fail("edge aborted: " + ProtocolException.quote(error.reason()));
            case Unimplemented(Struct echo) -> unimplemented(echo);
            // We offer no capability: there is nothing to ask us, and nothing of ours to let go.
            case Bootstrap _, Call _, Resolve _, Disembargo _, Unknown _ ->
                    send(new Unimplemented(message));
            case Finish _, Release _ ->
                    throw new ProtocolException(
                            "finish or release: of something never given (expected: returns)");
        }
    }

    private void returned(Return r) throws ProtocolException {
        Question question = questions.remove(r.answerId());
        if (question == null) {
            throw ProtocolException.of(
                    "return",
                    Integer.toUnsignedString(r.answerId()),
                    "the answer to an open question");
        }
        send(new Finish(r.answerId(), false));
        freed.push(r.answerId());
        switch (r.outcome()) {
            case Return.Results(Payload payload) -> answered(question, payload);
            case Return.Failed(RpcError error) ->
                    refused(question, ProtocolException.quote(error.reason()));
            case Return.Canceled() -> refused(question, "canceled");
            case Return.Elsewhere _ -> {
                send(new Unimplemented(r.message()));
                refused(question, "answered elsewhere (expected: results)");
            }
        }
    }

    private void answered(Question question, Payload payload) throws ProtocolException {
        switch (question) {
            case BOOTSTRAP -> importCapability(payload);
            case REGISTER -> {
                switch (ConnectionResponse.decode(payload.fields())) {
                    case ConnectionDetails details -> {
                        registered = true;
                        events.registered(details);
                    }
                    case ConnectionError error -> events.refused(error);
                }
            }
            case CONFIGURATION -> events.localConfigurationAccepted();
            case UNREGISTER -> events.unregistered();
        }
    }

    private void importCapability(Payload payload) throws ProtocolException {
        if (!(payload.content() instanceof Value.Capability(int index))
                || index < 0
                || index >= payload.caps().size()) {
            throw ProtocolException.of(
                    "bootstrap answer", payload.content(), "a capability of its table");
        }
        CapDescriptor cap = payload.caps().get(index);
        switch (cap.kind()) {
            case SENDER_HOSTED, SENDER_PROMISE -> {
                capability = cap.id();
                imported = true;
            }
            case NONE, RECEIVER_HOSTED, RECEIVER_ANSWER, THIRD_PARTY_HOSTED ->
                    throw ProtocolException.of(
                            "bootstrap capability", cap.kind(), "hosted by the edge");
        }
    }

    private void refused(Question question, String reason) {
        if (question == Question.CONFIGURATION) {
            events.localConfigurationRefused(reason);
        } else {
            fail(question.method + ": " + reason);
        }
    }

    private void unimplemented(Struct echo) throws ProtocolException {
        switch (RpcMessage.decode(echo)) {
            case Bootstrap _, Call _ ->
                    fail("the edge does not understand this connector's registration");
            default -> {} // of a Finish or Release: nothing follows from it
        }
    }

    private void fail(String reason) {
        ended = true;
        events.failed(reason);
    }

    private Call call(Question question, int method, Struct params) {
        MessageTarget target =
                imported
                        ? new MessageTarget.ImportedCap(capability)
                        : new MessageTarget.Promised(
                                new PromisedAnswer(bootstrapQuestion, List.of()));
        return new Call(
                ask(question),
                target,
                Schema.REGISTRATION_SERVER,
                method,
                Payload.of(params),
                Call.TO_CALLER);
    }

    private int ask(Question question) {
        Integer number = freed.poll();
        int id = number == null ? unused++ : number;
        questions.put(id, question);
        return id;
    }

    private void requireRegistered(String what) {
        if (!registered || ended) {
            throw new IllegalStateException(
                    what + ": no registered conversation (expected: after registered)");
        }
    }

    private void send(RpcMessage message) {
        out.accept(message.encode());
    }
}
