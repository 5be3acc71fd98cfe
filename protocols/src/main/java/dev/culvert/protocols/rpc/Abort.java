package dev.culvert.protocols.rpc;

import dev.culvert.protocols.capnp.Value;

/// The sender ends the conversation; nothing follows.
public record Abort(RpcError error) implements RpcMessage {
    static final int TAG = 1;

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        return error.encode();
    }
}
