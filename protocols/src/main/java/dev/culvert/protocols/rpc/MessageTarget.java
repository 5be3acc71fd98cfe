package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;

/// What a [Call] is sent to. Immutable.
public sealed interface MessageTarget {

    /// A capability the receiver has exported.
    record ImportedCap(int id) implements MessageTarget {
        @Override
        public Struct encode() {
            return new StructBuilder(1, 1).i32(0, id).build();
        }
    }

    /// A capability in the answer to an earlier question, which need not have come yet.
    record Promised(PromisedAnswer answer) implements MessageTarget {
        @Override
        public Struct encode() {
            return new StructBuilder(1, 1).u16(4, 1).pointer(0, answer.encode()).build();
        }
    }

    Struct encode();

    static MessageTarget decode(Fields fields) throws ProtocolException {
        return switch (fields.u16(4)) {
            case 0 -> new ImportedCap(fields.i32(0));
            case 1 -> new Promised(PromisedAnswer.decode(fields.struct(0)));
            default ->
                    throw ProtocolException.of(
                            "call target", fields.u16(4), "0 importedCap or 1 promisedAnswer");
        };
    }
}
