package dev.culvert.protocols.rpc;

import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;

/// The sender drops references to a capability of the receiver.
///
/// @param count unsigned: how many of the references it was given
public record Release(int id, int count) implements RpcMessage {
    static final int TAG = 6;

    static Release decode(Fields fields) {
        return new Release(fields.i32(0), fields.i32(4));
    }

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        return new StructBuilder(1, 0).i32(0, id).i32(4, count).build();
    }
}
