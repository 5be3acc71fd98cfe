package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import java.util.UUID;

/// The edge accepted a connection.
///
/// @param uuid of the connection, new for each; the connector logs it
/// @param locationName where the edge is, a short word
/// @param remotelyManaged true keeps the connector from sending its local configuration
public record ConnectionDetails(UUID uuid, String locationName, boolean remotelyManaged)
        implements ConnectionResponse {

    static ConnectionDetails decode(Fields fields) throws ProtocolException {
        return new ConnectionDetails(
                Schema.uuid("connection uuid", fields, 0),
                fields.text(1, Schema.MAX_NAME),
                fields.bit(0));
    }

    Struct encode() {
        return new StructBuilder(1, 2)
                .bit(0, remotelyManaged)
                .data(0, Schema.bytes(uuid))
                .text(1, locationName)
                .build();
    }
}
