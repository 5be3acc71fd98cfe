package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The answering end of an RPC conversation: one capability, the bootstrap, whose methods the peer calls.
///
/// # Questions
///
/// A question is open from its message to its [Finish] (at most 64 at a time) and its number may be
/// used again afterwards. A Finish that overtakes the answer cancels the question: the answer given
/// later is dropped.
///
/// # End
///
/// By an [Abort] of the peer, after which [Calls#ended] has been called, or by a [ProtocolException],
/// after which an Abort has been sent. Either way the caller closes the stream, and bytes that still
/// come are ignored.
///
/// Not thread-safe: confined to the connection's event loop. Answers may be given inside a callback.
public final class RpcHost {
    private static final int MAX_QUESTIONS = 64;
    private static final int CAPABILITY = 0;

    /// What the peer asks for.
    public interface Calls {
        /// A call of our capability, to be answered by [RpcHost#answer] or [RpcHost#refuse].
        void called(Call call) throws ProtocolException;

        /// The question is finished before its answer; its number may come again.
        void cancelled(int question);

        /// The peer ended the conversation.
        ///
        /// @param reason as it sent it, at most 4096 bytes: to be escaped before it is shown
        void ended(String reason);
    }

    private enum Question {
        BOOTSTRAP,
        /// A call that has no answer yet.
        WAITING,
        ANSWERED
    }

    private final Consumer<byte[]> out;
    private final Calls calls;
    private final MessageFramer framer;
    private final Map<Integer, Question> questions = new HashMap<>();

    /// References the peer holds to our only capability.
    private long references;

    private boolean ended;

    /// @param out takes whole messages to send, in order
    public RpcHost(MessageLimits limits, Consumer<byte[]> out, Calls calls) {
        this.framer = new MessageFramer(limits);
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

    /// Answers an open question.
    public void answer(int question, Struct results) {
        if (!ended) {
            questions.put(question, Question.ANSWERED);
            send(new Return(question, new Return.Results(Payload.of(results))));
        }
    }

    /// Answers an open question with an exception.
    public void refuse(int question, RpcError.Kind kind, String reason) {
        questions.put(question, Question.ANSWERED);
        send(new Return(question, new Return.Failed(new RpcError(kind, reason))));
    }

    /// Refuses a call of an interface that is none of ours.
    ///
    /// @param expected what there is
    public void refuseInterface(Call call, long expected) {
        refuse(
                call.questionId(),
                RpcError.Kind.UNIMPLEMENTED,
                "interface: 0x"
                        + Long.toHexString(call.interfaceId())
                        + " (expected: 0x"
                        + Long.toHexString(expected)
                        + ")");
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
        } else {
            calls.called(call);
        }
    }

    private boolean targetsUs(MessageTarget target) {
        return switch (target) {
            case MessageTarget.ImportedCap(int id) -> id == CAPABILITY && references > 0;
            case MessageTarget.Promised(var answer) ->
                    answer.path().isEmpty()
                            && questions.get(answer.questionId()) == Question.BOOTSTRAP;
        };
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
                calls.cancelled(id);
                send(new Return(id, new Return.Canceled()));
            }
            case ANSWERED -> {}
        }
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

    private void send(RpcMessage message) {
        out.accept(message.encode());
    }
}
