package dev.culvert.protocols.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageWriter;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.stream.HeaderList;

/// The head an edge opens a data stream with: Cap'n Proto struct 1/2, type u16@0, dest Text ptr0,
/// metadata ptr1.
///
/// Immutable by agreement, as [HeaderList] is.
///
/// @param dest an absolute URL for HTTP and WebSocket, `IP:port` for TCP
/// @param metadata keys and values in order, at most 1024
public record ConnectRequest(Type type, String dest, HeaderList metadata) {
    /// In wire order.
    public enum Type {
        HTTP,
        WEBSOCKET,
        TCP
    }

    private static final int MAX_DEST = 128 * 1024;

    /// A framer for this head, to be used once.
    public static MessageFramer framer() {
        return new MessageFramer(Metadata.LIMITS);
    }

    public static ConnectRequest decode(Struct message) throws ProtocolException {
        Fields fields = message.fields();
        int type = fields.u16(0);
        if (type >= Type.values().length) {
            throw ProtocolException.of("type of a connect request", type, "0 to 2");
        }
        return new ConnectRequest(
                Type.values()[type],
                Metadata.text(fields, 0, MAX_DEST),
                Metadata.decode(fields, 1));
    }

    /// The whole message, segment table first.
    @SuppressWarnings("EnumOrdinal") // the constants stand in wire order
    public byte[] encode() {
        return MessageWriter.encode(
                new StructBuilder(1, 2)
                        .u16(0, type.ordinal())
                        .data(0, Metadata.bytes(dest))
                        .structs(1, 0, 2, Metadata.encode(metadata))
                        .build());
    }
}
