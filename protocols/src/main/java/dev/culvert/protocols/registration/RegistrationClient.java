package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.rpc.Payload;
import dev.culvert.protocols.rpc.RpcCaller;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// The connector's end of a registration conversation.
///
/// # Course
///
/// [#register] once; after [Events#registered], [#pushLocalConfiguration] where it is due and
/// [#unregister] before the connector stops; [#close] at the end of all. Deadlines are the caller's.
///
/// # End
///
/// [Events#failed] comes at most once and nothing after it. After it, or after a
/// [ProtocolException], the caller calls [#close] and closes the stream. See [RpcCaller].
///
/// Not thread-safe: confined to the connection's event loop. Methods may be called inside an event.
public final class RegistrationClient implements RpcCaller.Events<RegistrationClient.Question> {
    /// Bytes of a local configuration.
    public static final int MAX_LOCAL_CONFIGURATION = Schema.MAX_CONFIGURATION;

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

    /// What can be asked.
    public enum Question {
        REGISTER("registerConnection"),
        CONFIGURATION("updateLocalConfiguration"),
        UNREGISTER("unregisterConnection");

        private final String method;

        Question(String method) {
            this.method = method;
        }
    }

    private final Events events;
    private final RpcCaller<Question> caller;
    private boolean started;
    private boolean registered;

    /// @param out takes bytes to send, in order; whole messages, sometimes several
    public RegistrationClient(Consumer<byte[]> out, Events events) {
        this.events = events;
        this.caller = new RpcCaller<>(MessageLimits.REGISTRATION, out, this);
    }

    /// Asks for the edge's capability and calls it, in one burst: one round trip.
    public void register(RegisterConnection request) {
        if (started || caller.isEnded()) {
            throw new IllegalStateException("register: a second time, or closed (expected: once)");
        }
        started = true;
        call(Question.REGISTER, Schema.REGISTER_CONNECTION, request.encode());
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
        call(
                Question.CONFIGURATION,
                Schema.UPDATE_LOCAL_CONFIGURATION,
                new StructBuilder(0, 1).data(0, json).build());
    }

    /// Asks the edge to send no more streams.
    public void unregister() {
        requireRegistered("unregister");
        call(Question.UNREGISTER, Schema.UNREGISTER_CONNECTION, Struct.EMPTY);
    }

    private void call(Question question, int method, Struct params) {
        caller.call(question, Schema.REGISTRATION_SERVER, method, params);
    }

    /// Takes bytes of the stream, split anywhere; all of `in` is used.
    public void receive(ByteBuffer in) throws ProtocolException {
        caller.receive(in);
    }

    /// Ends the conversation. Does nothing the second time. The caller ends the stream after it.
    public void close() {
        caller.close();
    }

    @Override
    public void answered(Question question, Payload payload) throws ProtocolException {
        switch (question) {
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

    @Override
    public void refused(Question question, String reason) {
        if (question == Question.CONFIGURATION) {
            events.localConfigurationRefused(reason);
        } else {
            caller.fail(question.method + ": " + reason);
        }
    }

    @Override
    public void failed(String reason) {
        events.failed(reason);
    }

    private void requireRegistered(String what) {
        if (!registered || caller.isEnded()) {
            throw new IllegalStateException(
                    what + ": no registered conversation (expected: after registered)");
        }
    }
}
