package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;

/// A promised capability has become this one, or is broken. Nothing here is ever promised, so the
/// answer to it is [Unimplemented].
public record Resolve(int promiseId, Outcome outcome) implements RpcMessage {
    static final int TAG = 5;

    /// What became of the promise.
    public sealed interface Outcome {}

    public record Kept(CapDescriptor cap) implements Outcome {}

    public record Broken(RpcError error) implements Outcome {}

    static Resolve decode(Fields fields) throws ProtocolException {
        Outcome outcome =
                switch (fields.u16(4)) {
                    case 0 -> new Kept(CapDescriptor.decode(fields.struct(0)));
                    case 1 -> new Broken(RpcError.decode(fields.struct(0)));
                    default ->
                            throw ProtocolException.of("kind of resolve", fields.u16(4), "0 or 1");
                };
        return new Resolve(fields.i32(0), outcome);
    }

    @Override
    public int tag() {
        return TAG;
    }

    @Override
    public Value body() {
        StructBuilder body = new StructBuilder(1, 1).i32(0, promiseId);
        switch (outcome) {
            case Kept(CapDescriptor cap) -> body.pointer(0, cap.encode());
            case Broken(RpcError error) -> body.u16(4, 1).pointer(0, error.encode());
        }
        return body.build();
    }
}
