package dev.culvert.protocols.rpc;

import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;

/// The asker needs the answer no longer: its number is free once the [Return] has come too.
///
/// @param releaseResultCaps whether capabilities in the results are released with it; stored XOR its
///     default, true. cloudflared says false and sends [Release] later
public record Finish(int questionId, boolean releaseResultCaps) implements RpcMessage {
    static final int TAG = 4;

    static Finish decode(Fields fields) {
        return new Finish(fields.i32(0), !fields.bit(32));
    }

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        return new StructBuilder(1, 0).i32(0, questionId).bit(32, !releaseResultCaps).build();
    }
}
