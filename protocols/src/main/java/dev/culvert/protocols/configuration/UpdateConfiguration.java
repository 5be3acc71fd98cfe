package dev.culvert.protocols.configuration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;

/// Parameters of ConfigurationManager.updateConfiguration: struct 1/1, version i32@0, config Data ptr0.
///
/// @param version signed; a connector applies one that is greater than the one it has
/// @param json the configuration, at most 1,000,000 bytes, not parsed
@SuppressWarnings("ArrayRecordComponent") // handed over, copied nowhere
public record UpdateConfiguration(int version, byte[] json) {
    static final long CONFIGURATION_MANAGER = 0xb48edfbdaa25db04L;
    static final int UPDATE_CONFIGURATION = 0;
    static final MessageLimits LIMITS = MessageLimits.REGISTRATION;

    /// Bytes of a configuration.
    public static final int MAX_BYTES = 1_000_000;

    static UpdateConfiguration decode(Fields params) throws ProtocolException {
        return new UpdateConfiguration(params.i32(0), params.data(0, MAX_BYTES));
    }

    Struct encode() {
        return new StructBuilder(1, 1).i32(0, version).data(0, json).build();
    }

    /// What came of it: struct UpdateConfigurationResponse 1/1, latestAppliedVersion i32@0, err Text ptr0,
    /// inside results 0/1.
    ///
    /// @param version the one in force now
    /// @param error why not the one sent, or empty
    public record Result(int version, String error) {
        private static final int MAX_ERROR = 4096;

        static Result decode(Fields results) throws ProtocolException {
            Fields response = results.struct(0);
            return new Result(response.i32(0), response.text(0, MAX_ERROR));
        }

        Struct encode() {
            StructBuilder response = new StructBuilder(1, 1).i32(0, version);
            if (!error.isEmpty()) {
                response.text(0, error);
            }
            return new StructBuilder(0, 1).pointer(0, response.build()).build();
        }
    }
}
