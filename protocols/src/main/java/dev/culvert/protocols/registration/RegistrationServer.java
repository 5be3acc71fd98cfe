package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.rpc.Call;
import dev.culvert.protocols.rpc.Payload;
import dev.culvert.protocols.rpc.RpcError;
import dev.culvert.protocols.rpc.RpcHost;
import java.nio.ByteBuffer;
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
/// # End
///
/// By an [Abort] of the peer, after which [Calls#ended] has been called, or by a
/// [ProtocolException], after which an Abort has been sent; see [RpcHost].
///
/// Not thread-safe: confined to the connection's event loop. Answers may be given inside a callback.
public final class RegistrationServer implements RpcHost.Calls {
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

    private final Calls calls;
    private final RpcHost host;
    private Stage stage = Stage.NEW;
    private long registerQuestion = NONE;
    private long unregisterQuestion = NONE;

    /// @param out takes whole messages to send, in order
    public RegistrationServer(Consumer<byte[]> out, Calls calls) {
        this.calls = calls;
        this.host = new RpcHost(MessageLimits.REGISTRATION, out, this);
    }

    /// Takes bytes of the stream, split anywhere; all of `in` is used.
    public void receive(ByteBuffer in) throws ProtocolException {
        host.receive(in);
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

    @Override
    public void called(Call call) throws ProtocolException {
        int question = call.questionId();
        if (call.interfaceId() != Schema.REGISTRATION_SERVER) {
            host.refuseInterface(call, Schema.REGISTRATION_SERVER);
            return;
        }
        switch (call.methodId()) {
            case Schema.REGISTER_CONNECTION -> register(question, call.params());
            case Schema.UNREGISTER_CONNECTION -> unregister(question);
            case Schema.UPDATE_LOCAL_CONFIGURATION -> localConfiguration(question, call.params());
            default ->
                    host.refuse(
                            question,
                            RpcError.Kind.UNIMPLEMENTED,
                            "method: " + call.methodId() + " (expected: 0, 1 or 2)");
        }
    }

    private void register(int question, Payload params) throws ProtocolException {
        if (stage != Stage.NEW) {
            host.refuse(
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
            host.refuse(
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
            host.refuse(
                    question,
                    RpcError.Kind.FAILED,
                    "updateLocalConfiguration: not registered, or leaving");
            return;
        }
        byte[] json = params.fields().data(0, Schema.MAX_CONFIGURATION);
        host.answer(question, Struct.EMPTY);
        calls.localConfiguration(json);
    }

    /// A late answer must not go to a question that has taken over the number.
    @Override
    public void cancelled(int id) {
        long question = Integer.toUnsignedLong(id);
        registerQuestion = registerQuestion == question ? NONE : registerQuestion;
        unregisterQuestion = unregisterQuestion == question ? NONE : unregisterQuestion;
    }

    @Override
    public void ended(String reason) {
        calls.ended(reason);
    }

    private void answer(long question, Struct results) {
        if (question != NONE) {
            cancelled((int) question);
            host.answer((int) question, results);
        }
    }
}
