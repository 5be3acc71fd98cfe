package dev.culvert.protocols.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageWriter;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.stream.HeaderList;

/// The head a connector answers a data stream with: Cap'n Proto struct 0/2, error Text ptr0, metadata
/// ptr1.
///
/// Immutable by agreement, as [HeaderList] is.
///
/// @param error why there is no answer, or empty
/// @param metadata keys and values in order, at most 1024
public record ConnectResponse(String error, HeaderList metadata) {
    private static final int MAX_ERROR = 16 * 1024;

    /// A framer for this head.
    public static MessageFramer framer() {
        return new MessageFramer(Metadata.LIMITS);
    }

    public static ConnectResponse decode(Struct message) throws ProtocolException {
        Fields fields = message.fields();
        return new ConnectResponse(Metadata.text(fields, 0, MAX_ERROR), Metadata.decode(fields, 1));
    }

    /// The whole message, segment table first.
    public byte[] encode() {
        StructBuilder message = new StructBuilder(0, 2);
        if (!error.isEmpty()) {
            message.data(0, Metadata.bytes(error));
        }
        return MessageWriter.encode(message.structs(1, 0, 2, Metadata.encode(metadata)).build());
    }
}
