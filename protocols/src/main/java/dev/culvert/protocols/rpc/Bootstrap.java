package dev.culvert.protocols.rpc;

import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;

/// Asks for the one capability the receiver offers to everybody.
public record Bootstrap(int questionId) implements RpcMessage {
    static final int TAG = 8;

    static Bootstrap decode(Fields fields) {
        return new Bootstrap(fields.i32(0));
    }

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        return new StructBuilder(1, 1).i32(0, questionId).build();
    }
}
