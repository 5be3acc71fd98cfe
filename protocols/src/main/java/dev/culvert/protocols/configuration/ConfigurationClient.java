package dev.culvert.protocols.configuration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rpc.Payload;
import dev.culvert.protocols.rpc.RpcCaller;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// The edge's end: one call, one answer. Not thread-safe: confined to the connection's event loop.
public final class ConfigurationClient {
    private final RpcCaller<Integer> caller;

    /// @param out takes bytes to send, in order
    /// @param answer told the result, once
    /// @param failed told why there is none, once
    public ConfigurationClient(
            Consumer<byte[]> out,
            Consumer<UpdateConfiguration.Result> answer,
            Consumer<String> failed) {
        caller =
                new RpcCaller<>(
                        UpdateConfiguration.LIMITS,
                        out,
                        new RpcCaller.Events<>() {
                            @Override
                            public void answered(Integer question, Payload results)
                                    throws ProtocolException {
                                answer.accept(UpdateConfiguration.Result.decode(results.fields()));
                            }

                            @Override
                            public void refused(Integer question, String reason) {
                                failed.accept(reason);
                            }

                            @Override
                            public void failed(String reason) {
                                failed.accept(reason);
                            }
                        });
    }

    public void update(UpdateConfiguration update) {
        caller.call(
                0,
                UpdateConfiguration.CONFIGURATION_MANAGER,
                UpdateConfiguration.UPDATE_CONFIGURATION,
                update.encode());
    }

    /// Takes bytes of the stream, split anywhere.
    public void receive(ByteBuffer in) throws ProtocolException {
        caller.receive(in);
    }

    /// Ends the conversation. Does nothing the second time.
    public void close() {
        caller.close();
    }
}
