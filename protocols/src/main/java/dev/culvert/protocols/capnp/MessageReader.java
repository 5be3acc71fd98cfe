package dev.culvert.protocols.capnp;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Value.Scalars;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Follows the pointers of one complete message.
///
/// # Pointers
///
/// | bits | struct | list | far | capability |
/// | --- | --- | --- | --- | --- |
/// | 0-1 | 0 | 1 | 2 | 3 |
/// | 2-31 | signed offset in words from the pointer's end | the same | bit 2: double; 3-31: word of the landing pad | 0 |
/// | 32-63 | 16 bits data words, 16 bits pointers | 3 bits element size, 29 bits count | segment | index |
///
/// A far pointer leads to an ordinary pointer elsewhere. A double-far one leads to two words: a far
/// pointer to the start of the object, and a tag that says what the object is.
///
/// # Cost
///
/// Objects are charged against a budget of the message's own words before they are copied, so
/// pointers that overlap or go in circles run out of it; the depth bounds the recursion. Objects of no
/// size are free: the pointer that leads to each has been paid for.
///
/// Not thread-safe: used once.
final class MessageReader {
    private static final int SLACK_WORDS = 64;
    private static final int POINTER = 6;
    private static final int COMPOSITE = 7;
    private static final int[] BITS = {0, 1, 8, 16, 32, 64};

    private final ByteBuffer[] segments;
    private final int maxDepth;
    private long budget = SLACK_WORDS;

    MessageReader(ByteBuffer[] segments, int maxDepth) {
        this.segments = segments;
        this.maxDepth = maxDepth;
        for (ByteBuffer segment : segments) {
            budget += segment.capacity() / 8;
        }
    }

    Struct root() throws ProtocolException {
        charge(1);
        return switch (follow(0, 0, 0)) {
            case Struct s -> s;
            case Value.Null _ -> Struct.EMPTY;
            case Value other -> throw ProtocolException.of("root pointer", other, "a struct");
        };
    }

    /// The object behind the pointer at `word` of `segment`.
    private Value follow(int segment, int word, int depth) throws ProtocolException {
        long pointer = segments[segment].getLong(word * 8);
        if (pointer == 0) {
            return Value.NULL;
        }
        if (depth >= maxDepth) {
            throw ProtocolException.of("depth", depth + 1, "at most " + maxDepth);
        }
        return switch ((int) pointer & 3) {
            case 2 -> followFar(pointer, depth);
            case 3 -> capability(pointer);
            default -> object(segment, (long) word + 1 + ((int) pointer >> 2), pointer, depth);
        };
    }

    private Value followFar(long far, int depth) throws ProtocolException {
        boolean twice = (far & 4) != 0;
        int segment = segmentOf(far);
        int pad = landing(segment, far, twice ? 2 : 1);
        long pointer = segments[segment].getLong(pad * 8);
        if (!twice) {
            return switch ((int) pointer & 3) {
                case 2 ->
                        throw ProtocolException.of(
                                "landing pad", "a far pointer", "a struct or list pointer");
                case 3 -> capability(pointer);
                default ->
                        pointer == 0
                                ? Value.NULL
                                : object(
                                        segment,
                                        (long) pad + 1 + ((int) pointer >> 2),
                                        pointer,
                                        depth);
            };
        }
        long tag = segments[segment].getLong(pad * 8 + 8);
        if ((pointer & 7) != 2 || (tag & 2) != 0) {
            throw ProtocolException.of(
                    "double-far landing pad", "other pointers", "a far pointer and a tag");
        }
        return object(segmentOf(pointer), (int) pointer >>> 3, tag, depth);
    }

    private int segmentOf(long far) throws ProtocolException {
        int segment = (int) (far >>> 32);
        if (segment < 0 || segment >= segments.length) {
            throw ProtocolException.of(
                    "segment", Integer.toUnsignedString(segment), "below " + segments.length);
        }
        return segment;
    }

    private int landing(int segment, long far, int words) throws ProtocolException {
        int pad = (int) far >>> 3;
        checkRange(segment, pad, words);
        charge(words);
        return pad;
    }

    private static Value capability(long pointer) throws ProtocolException {
        if ((int) pointer != 3) {
            throw ProtocolException.of("pointer of kind 3", (int) pointer, "a capability");
        }
        return new Value.Capability((int) (pointer >>> 32));
    }

    private Value object(int segment, long at, long pointer, int depth) throws ProtocolException {
        if ((pointer & 3) == 0) {
            int dataWords = (int) (pointer >>> 32) & 0xffff;
            int pointerWords = (int) (pointer >>> 48);
            checkRange(segment, at, dataWords + pointerWords);
            charge(dataWords + pointerWords);
            return struct(segment, (int) at, dataWords, pointerWords, depth);
        }
        int elementSize = (int) (pointer >>> 32) & 7;
        int count = (int) (pointer >>> 35);
        return switch (elementSize) {
            case POINTER -> pointers(segment, at, count, depth);
            case COMPOSITE -> structs(segment, at, count, depth);
            default -> scalars(segment, at, elementSize, count);
        };
    }

    private Struct struct(int segment, int at, int dataWords, int pointerWords, int depth)
            throws ProtocolException {
        if (dataWords + pointerWords == 0) {
            return Struct.EMPTY;
        }
        byte[] data = new byte[dataWords * 8];
        segments[segment].get(at * 8, data);
        Value[] pointers = new Value[pointerWords];
        for (int i = 0; i < pointerWords; i++) {
            pointers[i] = follow(segment, at + dataWords + i, depth + 1);
        }
        return new Struct(data, pointers);
    }

    private Value pointers(int segment, long at, int count, int depth) throws ProtocolException {
        checkRange(segment, at, count);
        charge(count);
        List<Value> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(follow(segment, (int) at + i, depth + 1));
        }
        return new Value.Pointers(elements);
    }

    private Value structs(int segment, long at, int words, int depth) throws ProtocolException {
        checkRange(segment, at, 1L + words);
        long tag = segments[segment].getLong((int) at * 8);
        int count = (int) tag >>> 2;
        int dataWords = (int) (tag >>> 32) & 0xffff;
        int pointerWords = (int) (tag >>> 48);
        if ((tag & 3) != 0 || (long) count * (dataWords + pointerWords) > words) {
            throw ProtocolException.of(
                    "tag of a struct list",
                    count + " elements",
                    "as many as fit into " + words + " words");
        }
        charge(1L + Math.max(words, count));
        List<Struct> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int start = (int) at + 1 + i * (dataWords + pointerWords);
            elements.add(struct(segment, start, dataWords, pointerWords, depth));
        }
        return new Value.Structs(dataWords, pointerWords, elements);
    }

    private Value scalars(int segment, long at, int elementSize, int count)
            throws ProtocolException {
        long bits = (long) count * BITS[elementSize];
        int words = (int) ((bits + 63) / 64);
        checkRange(segment, at, words);
        charge(words);
        byte[] bytes = new byte[(int) ((bits + 7) / 8)];
        segments[segment].get((int) at * 8, bytes);
        return new Scalars(elementSize, count, bytes);
    }

    private void checkRange(int segment, long at, long words) throws ProtocolException {
        int size = segments[segment].capacity() / 8;
        if (at < 0 || at + words > size) {
            throw ProtocolException.of(
                    "object",
                    "words " + at + " to " + (at + words),
                    "inside its segment of " + size);
        }
    }

    private void charge(long words) throws ProtocolException {
        budget -= words;
        if (budget < 0) {
            throw new ProtocolException(
                    "objects of the message: more than the message itself (expected: each pointed at once)");
        }
    }
}
