package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;

/// The struct `Exception`: why a call failed or a conversation ended.
///
/// @param reason for people; at most 4096 bytes of UTF-8
public record RpcError(Kind kind, String reason) {
    private static final int MAX_REASON = 4096;

    /// In wire order; a kind of a later protocol reads as FAILED.
    public enum Kind {
        FAILED,
        OVERLOADED,
        DISCONNECTED,
        UNIMPLEMENTED
    }

    static RpcError decode(Fields fields) throws ProtocolException {
        int kind = fields.u16(4);
        Kind[] kinds = Kind.values();
        return new RpcError(
                kind < kinds.length ? kinds[kind] : Kind.FAILED, fields.text(0, MAX_REASON));
    }

    @SuppressWarnings("EnumOrdinal") // the constants stand in wire order
    Struct encode() {
        // One pointer, as cloudflared sends it: the trace is of no use here.
        return new StructBuilder(1, 1).u16(4, kind.ordinal()).text(0, reason).build();
    }
}
