package dev.culvert.protocols.configuration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rpc.Call;
import dev.culvert.protocols.rpc.RpcError;
import dev.culvert.protocols.rpc.RpcHost;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// The connector's end: takes one update at a time. The calls for UDP sessions, which cloudflared serves on
/// the same capability, are answered as not implemented.
///
/// Not thread-safe: confined to the connection's event loop.
public final class ConfigurationServer implements RpcHost.Calls {
    private static final long NONE = -1;

    /// What the edge asks for.
    public interface Calls {
        /// To be answered by [#updated].
        void update(UpdateConfiguration update);

        /// The edge ended the conversation.
        void ended();
    }

    private final Calls calls;
    private final RpcHost host;
    private long question = NONE;

    /// @param out takes whole messages to send, in order
    public ConfigurationServer(Consumer<byte[]> out, Calls calls) {
        this.calls = calls;
        this.host = new RpcHost(UpdateConfiguration.LIMITS, out, this);
    }

    /// Takes bytes of the stream, split anywhere.
    public void receive(ByteBuffer in) throws ProtocolException {
        host.receive(in);
    }

    /// Answers the update; ignored when the edge has stopped waiting.
    public void updated(UpdateConfiguration.Result result) {
        if (question != NONE) {
            int id = (int) question;
            question = NONE;
            host.answer(id, result.encode());
        }
    }

    @Override
    public void called(Call call) throws ProtocolException {
        int id = call.questionId();
        if (call.interfaceId() != UpdateConfiguration.CONFIGURATION_MANAGER) {
            host.refuseInterface(call, UpdateConfiguration.CONFIGURATION_MANAGER);
        } else if (call.methodId() != UpdateConfiguration.UPDATE_CONFIGURATION) {
            host.refuse(
                    id,
                    RpcError.Kind.UNIMPLEMENTED,
                    "method: " + call.methodId() + " (expected: 0)");
        } else if (question != NONE) {
            host.refuse(id, RpcError.Kind.OVERLOADED, "updateConfiguration: one is under way");
        } else {
            UpdateConfiguration update = UpdateConfiguration.decode(call.params().fields());
            question = Integer.toUnsignedLong(id);
            calls.update(update);
        }
    }

    @Override
    public void cancelled(int id) {
        if (question == Integer.toUnsignedLong(id)) {
            question = NONE;
        }
    }

    @Override
    public void ended(String reason) {
        calls.ended();
    }
}
