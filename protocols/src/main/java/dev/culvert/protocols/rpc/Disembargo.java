package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;

/// Asks that calls be no longer held back behind a resolved promise. Nothing here is ever promised,
/// so the answer to it is [Unimplemented].
///
/// @param context 0 senderLoopback, 1 receiverLoopback, 2 accept, 3 provide
/// @param id of the embargo or the question
public record Disembargo(MessageTarget target, int context, int id) implements RpcMessage {
    static final int TAG = 13;

    static Disembargo decode(Fields fields) throws ProtocolException {
        return new Disembargo(MessageTarget.decode(fields.struct(0)), fields.u16(4), fields.i32(0));
    }

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        return new StructBuilder(1, 1)
                .i32(0, id)
                .u16(4, context)
                .pointer(0, target.encode())
                .build();
    }
}
