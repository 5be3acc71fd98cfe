package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;

/// What one capability in a [Payload] is.
///
/// @param id in the export table of its host; 0 where the kind has none
/// @param detail for RECEIVER_ANSWER and THIRD_PARTY_HOSTED, else a null pointer
public record CapDescriptor(Kind kind, int id, Value detail) {
    /// In wire order. `attachedFd` is stored XOR its default 255, so zero says that no descriptor is attached.
    public enum Kind {
        NONE,
        SENDER_HOSTED,
        SENDER_PROMISE,
        RECEIVER_HOSTED,
        RECEIVER_ANSWER,
        THIRD_PARTY_HOSTED
    }

    /// The sender's own object `id`.
    public static CapDescriptor senderHosted(int id) {
        return new CapDescriptor(Kind.SENDER_HOSTED, id, Value.NULL);
    }

    static CapDescriptor decode(Fields fields) throws ProtocolException {
        int kind = fields.u16(0);
        if (kind >= Kind.values().length) {
            throw ProtocolException.of("capability kind", kind, "0 to 5");
        }
        return new CapDescriptor(Kind.values()[kind], fields.i32(4), fields.pointer(0));
    }

    @SuppressWarnings("EnumOrdinal") // the constants stand in wire order
    Struct encode() {
        return new StructBuilder(1, 1).u16(0, kind.ordinal()).i32(4, id).pointer(0, detail).build();
    }
}
