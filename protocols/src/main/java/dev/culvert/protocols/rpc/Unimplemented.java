package dev.culvert.protocols.rpc;

import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;

/// The receiver of `echo` does not know what to do with it.
///
/// @param echo the struct `Message` that was not understood
public record Unimplemented(Struct echo) implements RpcMessage {
    static final int TAG = 0;

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        return echo;
    }
}
