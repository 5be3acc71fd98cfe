package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import java.nio.ByteBuffer;
import java.util.UUID;

/// Numbers of `tunnelrpc.capnp`, its spelling, and the bounds we put on its fields.
final class Schema {
    static final long REGISTRATION_SERVER = 0xf71695ec7fe85497L;
    static final int REGISTER_CONNECTION = 0;
    static final int UNREGISTER_CONNECTION = 1;
    static final int UPDATE_LOCAL_CONFIGURATION = 2;

    /// Bytes of a name: account tag, version, arch, location, feature.
    static final int MAX_NAME = 256;

    static final int MAX_FEATURES = 64;
    static final int MAX_SECRET = 1024;
    static final int MAX_CAUSE = 4096;
    static final int MAX_ADDRESS = 16;
    static final int MAX_CONFIGURATION = 1_000_000;

    private static final int UUID_BYTES = 16;

    private Schema() {}

    /// 16 bytes in RFC 9562 order.
    static UUID uuid(String field, Fields fields, int pointer) throws ProtocolException {
        byte[] bytes = fields.data(pointer, MAX_NAME);
        if (bytes.length != UUID_BYTES) {
            throw ProtocolException.of(field, bytes.length + " bytes", "a UUID of 16");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
