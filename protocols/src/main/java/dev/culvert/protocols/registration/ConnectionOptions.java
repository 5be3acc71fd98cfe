package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a connector says about itself and the connection it registers.
///
/// Immutable by agreement: the address is not copied on access.
///
/// @param originLocalIp address the connector dials from, 4 or 16 bytes, or none. cloudflared sends
///     IPv4 mapped into 16 bytes, and over QUIC the edge's own address
/// @param numPreviousAttempts failed attempts of this connection index, 0 to 255
@SuppressWarnings("ArrayRecordComponent") // copied nowhere, compared in equals
public record ConnectionOptions(
        ClientInfo client,
        byte[] originLocalIp,
        boolean replaceExisting,
        int compressionQuality,
        int numPreviousAttempts) {

    static ConnectionOptions decode(Fields fields) throws ProtocolException {
        return new ConnectionOptions(
                ClientInfo.decode(fields.struct(0)),
                fields.data(1, Schema.MAX_ADDRESS),
                fields.bit(0),
                fields.u8(1),
                fields.u8(2));
    }

    Struct encode() {
        return new StructBuilder(1, 2)
                .bit(0, replaceExisting)
                .u8(1, Math.clamp(compressionQuality, 0, 255))
                .u8(2, Math.clamp(numPreviousAttempts, 0, 255))
                .pointer(0, client.encode())
                .data(1, originLocalIp)
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectionOptions that
                && that.client.equals(client)
                && Arrays.equals(that.originLocalIp, originLocalIp)
                && that.replaceExisting == replaceExisting
                && that.compressionQuality == compressionQuality
                && that.numPreviousAttempts == numPreviousAttempts;
    }

    @Override
    public int hashCode() {
        return 31 * client.hashCode() + Arrays.hashCode(originLocalIp);
    }
}
