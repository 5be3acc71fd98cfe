package dev.culvert.protocols.rpc;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageWriter;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value;
import dev.culvert.protocols.capnp.Value.Struct;

/// One message of an RPC conversation.
///
/// | tag | message | | tag | message |
/// | --- | --- | --- | --- | --- |
/// | 0 | [Unimplemented] | | 5 | [Resolve] |
/// | 1 | [Abort] | | 6 | [Release] |
/// | 2 | [Call] | | 8 | [Bootstrap] |
/// | 3 | [Return] | | 13 | [Disembargo] |
/// | 4 | [Finish] | | other | [Unknown] |
///
/// Implementations are immutable.
public sealed interface RpcMessage
        permits Abort,
                Bootstrap,
                Call,
                Disembargo,
                Finish,
                Release,
                Resolve,
                Return,
                Unimplemented,
                Unknown {

    /// The tag of this kind of message.
    int tag();

    /// What the message pointer leads to.
    Value body();

    /// The struct `Message` around [#body()].
    default Struct message() {
        return new StructBuilder(1, 1).u16(0, tag()).pointer(0, body()).build();
    }

    /// The whole message as it stands on the stream.
    default byte[] encode() {
        return MessageWriter.encode(message());
    }

    /// @param message the root of a received message
    static RpcMessage decode(Struct message) throws ProtocolException {
        var fields = message.fields();
        return switch (fields.u16(0)) {
            case Unimplemented.TAG -> new Unimplemented(fields.rawStruct(0));
            case Abort.TAG -> new Abort(RpcError.decode(fields.struct(0)));
            case Call.TAG -> Call.decode(fields.struct(0));
            case Return.TAG -> Return.decode(fields.struct(0));
            case Finish.TAG -> Finish.decode(fields.struct(0));
            case Resolve.TAG -> Resolve.decode(fields.struct(0));
            case Release.TAG -> Release.decode(fields.struct(0));
            case Bootstrap.TAG -> Bootstrap.decode(fields.struct(0));
            case Disembargo.TAG -> Disembargo.decode(fields.struct(0));
            default -> new Unknown(message);
        };
    }
}
