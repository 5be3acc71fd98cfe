package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;

/// Result of registerConnection.
sealed interface ConnectionResponse permits ConnectionDetails, ConnectionError {
    int ERROR = 0;
    int CONNECTION_DETAILS = 1;

    /// @param results the struct that has the response as its only field
    static ConnectionResponse decode(Fields results) throws ProtocolException {
        Fields response = results.struct(0);
        return switch (response.u16(0)) {
            case ERROR -> ConnectionError.decode(response.struct(0));
            case CONNECTION_DETAILS -> ConnectionDetails.decode(response.struct(0));
            default ->
                    throw ProtocolException.of(
                            "connection response",
                            response.u16(0),
                            "0 error or 1 connectionDetails");
        };
    }

    static Struct results(ConnectionResponse response) {
        StructBuilder union = new StructBuilder(1, 1);
        switch (response) {
            case ConnectionError error -> union.u16(0, ERROR).pointer(0, error.encode());
            case ConnectionDetails details ->
                    union.u16(0, CONNECTION_DETAILS).pointer(0, details.encode());
        }
        return new StructBuilder(0, 1).pointer(0, union.build()).build();
    }
}
