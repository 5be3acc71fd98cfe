package dev.culvert.protocols.quic;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.SerializedHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How a body stands on a stream of the dialect [Dialect#CULVERT]: raw bytes with FIN could not say more
/// than their end.
///
/// ```
/// body    = *( length bytes ) ending
/// length  = varint, 1 to 2^30 - 1            RFC 9000, section 16; 1, 2 or 4 bytes
/// ending  = 00 00                            END
///         | 00 01 length bytes               TRAILERS: fields as in SerializedHeaders
/// answer  = body [ 00 02 ]                   NOT_READ: the rest of the request is not wanted
/// credit  = 00 03 length                     CREDIT: so many bytes more may be sent the other way
/// ```
///
/// A credit stands between any two of these, up to FIN. A sender begins with [#INITIAL_CREDIT] and sends no
/// more of a body than it has credit for: QUIC's own windows would let a few streams that nobody reads use up
/// the connection's, so what comes is always read and this is what bounds it. Before the answer's head a
/// credit is in a head of its own, see [QuicHeads].
///
/// FIN follows when both directions have ended, so that until then a reset of one is seen at once by the
/// other end. FIN before the ending is an error: the body is cut.
///
/// The encoder is stateless; see [BodyDecoder] for the other half.
public final class BodyFrames {
    static final int END = 0;
    static final int TRAILERS = 1;
    static final int NOT_READ = 2;
    static final int CREDIT = 3;

    /// Bytes of a body that may be sent before there is a credit.
    public static final int INITIAL_CREDIT = 1024 * 1024;

    /// Longest piece of a body.
    public static final int MAX_LENGTH = (1 << 30) - 1;

    /// Most bytes that stand in front of a piece.
    public static final int MAX_HEADER = 4;

    private BodyFrames() {}

    /// Writes what stands in front of `length` bytes of a body.
    ///
    /// @param length 1 to [#MAX_LENGTH]
    public static void header(int length, ByteBuffer into) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "length: " + length + " (expected: 1 to " + MAX_LENGTH + ")");
        }
        if (length < 1 << 6) {
            into.put((byte) length);
        } else if (length < 1 << 14) {
            into.put((byte) (0x40 | length >>> 8)).put((byte) length);
        } else {
            into.put((byte) (0x80 | length >>> 24))
                    .put((byte) (length >>> 16))
                    .put((byte) (length >>> 8))
                    .put((byte) length);
        }
    }

    /// The end of a body.
    public static byte[] end() {
        return new byte[] {0, END};
    }

    /// The end of a body with trailers.
    ///
    /// @throws IllegalArgumentException for fields that cannot be carried
    public static byte[] trailers(HeaderList fields) {
        byte[] text = SerializedHeaders.encode(fields).getBytes(StandardCharsets.ISO_8859_1);
        if (text.length == 0) {
            return end();
        }
        if (text.length > SerializedHeaders.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "trailers: "
                            + text.length
                            + " bytes (expected: at most "
                            + SerializedHeaders.MAX_LENGTH
                            + ")");
        }
        ByteBuffer out = ByteBuffer.allocate(2 + MAX_HEADER + text.length);
        out.put((byte) 0).put((byte) TRAILERS);
        header(text.length, out);
        out.put(text).flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    /// So many bytes more may be sent in the other direction.
    ///
    /// @param bytes 1 to [#MAX_LENGTH]
    public static byte[] credit(int bytes) {
        ByteBuffer out = ByteBuffer.allocate(2 + MAX_HEADER);
        out.put((byte) 0).put((byte) CREDIT);
        header(bytes, out);
        return Arrays.copyOf(out.array(), out.position());
    }

    /// After the end of an answer: the rest of the request is not wanted.
    public static byte[] notRead() {
        return new byte[] {0, NOT_READ};
    }
}
