package dev.culvert.protocols.rpc;

import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;

/// A message of a tag this package has no record for: obsoleteSave, obsoleteDelete, provide, accept,
/// join, or one of a later protocol. The answer to it is [Unimplemented].
///
/// @param message the struct `Message` as received
public record Unknown(Struct message) implements RpcMessage {
    @Override
    public int tag() {
        return message.fields().u16(0);
    }

    @Override
    public Value body() {
        return message.pointer(0);
    }
}
