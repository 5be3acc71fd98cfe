package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The asking end of an RPC conversation: fetches the peer's bootstrap capability and calls it.
///
/// # Questions
///
/// Numbers are used again, the one freed last first, as cloudflared does. The first call goes out with the
/// bootstrap in one burst, addressed to the answer that has not come yet. Each answer is finished at once
/// without releasing its capabilities; the one of the bootstrap is released by [#close].
///
/// # End
///
/// [Events#failed] comes at most once and nothing after it. After it, or after a
/// [ProtocolException], the caller calls [#close] and closes the stream.
///
/// Not thread-safe: confined to the connection's event loop. Methods may be called inside an event.
///
/// @param <Q> what a question was, given back with its answer
public final class RpcCaller<Q> {
    /// What comes back.
    public interface Events<Q> {
        void answered(Q question, Payload results) throws ProtocolException;

        /// The peer answered with an exception, or not as one can use it.
        void refused(Q question, String reason);

        /// The conversation is of no more use.
        void failed(String reason);
    }

    private final Consumer<byte[]> out;
    private final Events<Q> events;
    private final MessageFramer framer;

    /// Empty for the bootstrap.
    private final Map<Integer, Optional<Q>> questions = new TreeMap<>();

    private final Deque<Integer> freed = new ArrayDeque<>();
    private int unused;
    private int bootstrapQuestion;
    private boolean started;
    private int capability;

    /// Whether the peer's capability has come, so that it has to be released.
    private boolean imported;

    private boolean ended;
    private boolean closed;

    /// @param out takes bytes to send, in order; whole messages, sometimes several
    public RpcCaller(MessageLimits limits, Consumer<byte[]> out, Events<Q> events) {
        this.framer = new MessageFramer(limits);
        this.out = out;
        this.events = events;
    }

    /// Whether nothing can be asked any more.
    public boolean isEnded() {
        return ended;
    }

    /// Calls a method of the peer's capability.
    public void call(Q question, long interfaceId, int method, Struct params) {
        ByteArrayOutputStream burst = new ByteArrayOutputStream();
        if (!started) {
            started = true;
            bootstrapQuestion = ask(Optional.empty());
            burst.writeBytes(new Bootstrap(bootstrapQuestion).encode());
        }
        MessageTarget target =
                imported
                        ? new MessageTarget.ImportedCap(capability)
                        : new MessageTarget.Promised(
                                new PromisedAnswer(bootstrapQuestion, List.of()));
        burst.writeBytes(
                new Call(
                                ask(Optional.of(question)),
                                target,
                                interfaceId,
                                method,
                                Payload.of(params),
                                Call.TO_CALLER)
                        .encode());
        out.accept(burst.toByteArray());
    }

    private int ask(Optional<Q> question) {
        Integer number = freed.poll();
        int id = number == null ? unused++ : number;
        questions.put(id, question);
        return id;
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
                    fail("the peer aborted: " + ProtocolException.quote(error.reason()));
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
        Optional<Q> question = questions.remove(r.answerId());
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

    private void answered(Optional<Q> question, Payload payload) throws ProtocolException {
        if (question.isPresent()) {
            events.answered(question.get(), payload);
        } else {
            importCapability(payload);
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
                            "bootstrap capability", cap.kind(), "hosted by the peer");
        }
    }

    private void refused(Optional<Q> question, String reason) {
        if (question.isPresent()) {
            events.refused(question.get(), reason);
        } else {
            fail("bootstrap: " + reason);
        }
    }

    private void unimplemented(Struct echo) throws ProtocolException {
        switch (RpcMessage.decode(echo)) {
            case Bootstrap _, Call _ -> fail("the peer does not understand what it is asked");
            default -> {} // of a Finish or Release: nothing follows from it
        }
    }

    /// Ends the conversation for this reason.
    public void fail(String reason) {
        ended = true;
        events.failed(reason);
    }

    private void send(RpcMessage message) {
        out.accept(message.encode());
    }
}
