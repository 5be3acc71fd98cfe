package dev.culvert.transport.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.quic.Preamble;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The first bytes of a stream, split anywhere. Not thread-safe.
final class PreambleReader {
    private final ByteBuffer bytes = ByteBuffer.allocate(Preamble.DATA.length());
    private @Nullable Preamble kind;

    /// Reads up to the end of the preamble and no further.
    ///
    /// @return true when it is complete
    boolean read(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining() && missing() > 0) {
            bytes.put(in.get());
            if (bytes.position() == Preamble.SIGNATURE_BYTES) {
                kind = Preamble.of(bytes.duplicate().flip());
                if (kind == null) {
                    throw ProtocolException.of(
                            "signature of a stream",
                            HexFormat.of().formatHex(bytes.array(), 0, Preamble.SIGNATURE_BYTES),
                            "a data stream's or an RPC stream's");
                }
            }
        }
        return missing() == 0;
    }

    private int missing() {
        Preamble known = kind;
        int length = known == null ? Preamble.SIGNATURE_BYTES : known.length();
        return length - bytes.position();
    }

    /// The kind of stream, after [#read] said true.
    Preamble kind() {
        Preamble known = kind;
        if (known == null) {
            throw new IllegalStateException("kind: not yet known");
        }
        return known;
    }
}
