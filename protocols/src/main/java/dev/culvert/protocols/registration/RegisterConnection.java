package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import java.security.MessageDigest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Parameters of registerConnection: which tunnel, the proof, and which of its connections.
///
/// Immutable by agreement: the secret is not copied on access. Compare it with
/// [MessageDigest#isEqual].
///
/// @param tunnelSecret at most 1024 bytes, usually 32
/// @param connIndex 0 to 255
@SuppressWarnings("ArrayRecordComponent") // copied nowhere, compared in equals
public record RegisterConnection(
        String accountTag,
        byte[] tunnelSecret,
        UUID tunnelId,
        int connIndex,
        ConnectionOptions options) {

    static RegisterConnection decode(Fields params) throws ProtocolException {
        Fields auth = params.struct(0);
        return new RegisterConnection(
                auth.text(0, Schema.MAX_NAME),
                auth.data(1, Schema.MAX_SECRET),
                Schema.uuid("tunnelId", params, 1),
                params.u8(0),
                ConnectionOptions.decode(params.struct(2)));
    }

    Struct encode() {
        return new StructBuilder(1, 3)
                .u8(0, connIndex)
                .pointer(
                        0,
                        new StructBuilder(0, 2).text(0, accountTag).data(1, tunnelSecret).build())
                .data(1, Schema.bytes(tunnelId))
                .pointer(2, options.encode())
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RegisterConnection that
                && that.accountTag.equals(accountTag)
                && MessageDigest.isEqual(that.tunnelSecret, tunnelSecret)
                && that.tunnelId.equals(tunnelId)
                && that.connIndex == connIndex
                && that.options.equals(options);
    }

    @Override
    public int hashCode() {
        return 31 * tunnelId.hashCode() + connIndex;
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "RegisterConnection[tunnelId="
                + tunnelId
                + ", connIndex="
                + connIndex
                + ", accountTag="
                + ProtocolException.quote(accountTag)
                + ", clientId="
                + options.client().clientId()
                + "]";
    }
}
