package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import java.util.List;
import java.util.UUID;

/// The connector process. The name is the schema's.
///
/// @param clientId made anew at every start of the process: the connector id
/// @param features a set in any order, at most 64
/// @param arch operating system and processor, for example `linux_amd64`
public record ClientInfo(UUID clientId, List<String> features, String version, String arch) {
    public ClientInfo {
        features = List.copyOf(features);
    }

    static ClientInfo decode(Fields fields) throws ProtocolException {
        return new ClientInfo(
                Schema.uuid("clientId", fields, 0),
                fields.texts(1, Schema.MAX_FEATURES, Schema.MAX_NAME),
                fields.text(2, Schema.MAX_NAME),
                fields.text(3, Schema.MAX_NAME));
    }

    Struct encode() {
        return new StructBuilder(0, 4)
                .data(0, Schema.bytes(clientId))
                .texts(1, features)
                .text(2, version)
                .text(3, arch)
                .build();
    }
}
