package dev.culvert.protocols.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.SerializedHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads [BodyFrames], split anywhere, without copying the body: it says how many of the bytes at hand
/// belong to it.
///
/// Not thread-safe: owned by one direction of a stream.
public final class BodyDecoder {
    /// What comes next.
    public enum Step {
        /// Everything at hand is used up.
        MORE,
        /// [#available] bytes at the buffer's position are the body's; the caller takes them all.
        BYTES,
        /// The body is over.
        END,
        /// The body is over, see [#trailers].
        TRAILERS,
        /// The sender has answered and does not read the rest.
        NOT_READ,
        /// [#credit] bytes more may be sent to the sender.
        CREDIT
    }

    private enum Expecting {
        LENGTH,
        BYTES,
        ENDING,
        TRAILERS_LENGTH,
        TRAILERS,
        CREDIT,
        AFTER_END
    }

    private Expecting expecting = Expecting.LENGTH;
    private int left;
    private int number;
    private int numberBytesLeft;
    private int available;
    private byte[] text = {};
    private int textLength;
    private int filled;
    private int credit;
    private boolean over;
    private @Nullable HeaderList trailers;

    /// Whether the body's end has come: FIN before it means that the body is cut.
    public boolean isOver() {
        return over;
    }

    /// Bytes of the body at the buffer's position, after [Step#BYTES].
    public int available() {
        return available;
    }

    /// Bytes, after [Step#CREDIT].
    public int credit() {
        return credit;
    }

    /// The trailers, after [Step#TRAILERS].
    public HeaderList trailers() {
        HeaderList fields = trailers;
        if (fields == null) {
            throw new IllegalStateException("trailers: none (expected: after TRAILERS)");
        }
        return fields;
    }

    /// Reads on. Bytes of the body itself are left in `in`.
    public Step next(ByteBuffer in) throws ProtocolException {
        while (in.hasRemaining()) {
            switch (expecting) {
                case LENGTH -> {
                    if (number(in)) {
                        left = number;
                        expecting = left == 0 ? Expecting.ENDING : Expecting.BYTES;
                    }
                }
                case BYTES -> {
                    available = Math.min(left, in.remaining());
                    left -= available;
                    expecting = left == 0 ? Expecting.LENGTH : Expecting.BYTES;
                    return Step.BYTES;
                }
                case ENDING -> {
                    Step step = ending(in.get());
                    if (step != Step.MORE) {
                        return step;
                    }
                }
                case TRAILERS_LENGTH -> {
                    if (number(in)) {
                        begin(number);
                    }
                }
                case TRAILERS -> {
                    int size = Math.min(textLength - filled, in.remaining());
                    makeRoom(filled + size);
                    in.get(text, filled, size);
                    filled += size;
                    if (filled == textLength) {
                        trailers =
                                SerializedHeaders.decode(
                                        new String(text, 0, filled, StandardCharsets.ISO_8859_1));
                        text = new byte[0];
                        over = true;
                        expecting = Expecting.AFTER_END;
                        return Step.TRAILERS;
                    }
                }
                case CREDIT -> {
                    if (number(in)) {
                        if (number == 0) {
                            throw ProtocolException.of("credit", 0, "at least 1");
                        }
                        credit = number;
                        expecting = over ? Expecting.AFTER_END : Expecting.LENGTH;
                        return Step.CREDIT;
                    }
                }
                case AFTER_END -> {
                    if (in.get() != 0) {
                        throw new ProtocolException("bytes of a body after its end");
                    }
                    expecting = Expecting.ENDING;
                }
            }
        }
        return Step.MORE;
    }

    private Step ending(byte kind) throws ProtocolException {
        switch (kind) {
            case BodyFrames.END -> {
                requireNotOver("end");
                over = true;
                expecting = Expecting.AFTER_END;
                return Step.END;
            }
            case BodyFrames.TRAILERS -> {
                requireNotOver("trailers");
                expecting = Expecting.TRAILERS_LENGTH;
                return Step.MORE;
            }
            case BodyFrames.NOT_READ -> {
                if (!over) {
                    throw new ProtocolException("not read: before the answer's end");
                }
                expecting = Expecting.AFTER_END;
                return Step.NOT_READ;
            }
            case BodyFrames.CREDIT -> {
                expecting = Expecting.CREDIT;
                return Step.MORE;
            }
            default -> throw ProtocolException.of("ending of a body", kind, "0 to 3");
        }
    }

    private void requireNotOver(String what) throws ProtocolException {
        if (over) {
            throw new ProtocolException(what + ": a second one");
        }
    }

    private void begin(int length) throws ProtocolException {
        if (length < 1 || length > SerializedHeaders.MAX_LENGTH) {
            throw ProtocolException.of(
                    "length of trailers", length, "1 to " + SerializedHeaders.MAX_LENGTH);
        }
        textLength = length;
        filled = 0;
        expecting = Expecting.TRAILERS;
    }

    /// Memory grows with what has come, not with the length announced.
    private void makeRoom(int bytes) {
        if (bytes > text.length) {
            text = Arrays.copyOf(text, Math.min(textLength, Math.max(bytes, 2 * text.length)));
        }
    }

    /// Reads on in a varint.
    ///
    /// @return true when it is complete
    private boolean number(ByteBuffer in) throws ProtocolException {
        if (numberBytesLeft == 0) {
            int first = in.get() & 0xff;
            switch (first >>> 6) {
                case 0 -> numberBytesLeft = 0;
                case 1 -> numberBytesLeft = 1;
                case 2 -> numberBytesLeft = 3;
                default -> throw ProtocolException.of("length", "of 8 bytes", "below 2^30");
            }
            number = first & 0x3f;
            if (numberBytesLeft == 0) {
                return true;
            }
        }
        while (numberBytesLeft > 0 && in.hasRemaining()) {
            number = number << 8 | in.get() & 0xff;
            numberBytesLeft--;
        }
        return numberBytesLeft == 0;
    }
}
