package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;

/// Calls a method of a capability.
///
/// @param interfaceId of the interface that declares the method, unsigned
/// @param resultsTo where the results go: 0 to the caller, 1 and 2 elsewhere (not used by tunnels)
public record Call(
        int questionId,
        MessageTarget target,
        long interfaceId,
        int methodId,
        Payload params,
        int resultsTo)
        implements RpcMessage {
    static final int TAG = 2;

    /// `resultsTo` of an ordinary call.
    public static final int TO_CALLER = 0;

    static Call decode(Fields fields) throws ProtocolException {
        return new Call(
                fields.i32(0),
                MessageTarget.decode(fields.struct(0)),
                fields.i64(8),
                fields.u16(4),
                Payload.decode(fields.struct(1)),
                fields.u16(6));
    }

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        return new StructBuilder(3, 3)
                .i32(0, questionId)
                .u16(4, methodId)
                .u16(6, resultsTo)
                .i64(8, interfaceId)
                .pointer(0, target.encode())
                .pointer(1, params.encode())
                .build();
    }
}
