package dev.culvert.protocols.capnp;

import dev.culvert.protocols.capnp.Value.Scalars;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Writes a tree of values as one framed message of one segment, depth first.
///
/// Measures first, so the buffer is allocated once. Not thread-safe: used once.
public final class MessageWriter {
    private static final int TABLE_BYTES = 8;

    private final ByteBuffer out;
    private int free;

    private MessageWriter(int words) {
        out = ByteBuffer.allocate(TABLE_BYTES + words * 8).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The message whose root is `root`, segment table first.
    public static byte[] encode(Struct root) {
        int words = Math.toIntExact(1 + size(root));
        if (words > Integer.MAX_VALUE / 8 - 1) {
            throw new IllegalArgumentException(
                    "message: " + words + " words (expected: at most 2 GiB)");
        }
        MessageWriter writer = new MessageWriter(words);
        writer.out.putInt(4, words);
        writer.free = 1;
        writer.point(0, root);
        return writer.out.array();
    }

    private static long size(Value value) {
        return switch (value) {
            case Value.Null _, Value.Capability _ -> 0;
            case Scalars s -> (s.bytes().length + 7) / 8;
            case Value.Pointers(List<Value> elements) -> {
                long words = elements.size();
                for (Value element : elements) {
                    words += size(element);
                }
                yield words;
            }
            case Value.Structs structs -> {
                long words = 1;
                for (Struct element : structs.elements()) {
                    words += structs.dataWords() + structs.pointerWords() + sizeBehind(element);
                }
                yield words;
            }
            case Struct s -> s.bytes().length / 8 + s.pointerCount() + sizeBehind(s);
        };
    }

    private static long sizeBehind(Struct s) {
        long words = 0;
        for (int i = 0; i < s.pointerCount(); i++) {
            words += size(s.pointer(i));
        }
        return words;
    }

    /// Writes `value` at the next free word and a pointer to it at `word`.
    private void point(int word, Value value) {
        switch (value) {
            case Value.Null _ -> {}
            case Value.Capability(int index) -> put(word, 3 | (long) index << 32);
            case Struct s when s.bytes().length == 0 && s.pointerCount() == 0 ->
                    put(word, 0xffff_fffcL);
            case Struct s -> {
                int dataWords = s.bytes().length / 8;
                put(word, offset(word) | (long) dataWords << 32 | (long) s.pointerCount() << 48);
                int at = claim(dataWords + s.pointerCount());
                fill(at, dataWords, s);
                pointBehind(at + dataWords, s);
            }
            case Scalars s -> {
                put(word, offset(word) | list(s.elementSize(), s.count()));
                int at = claim((s.bytes().length + 7) / 8);
                out.put(TABLE_BYTES + at * 8, s.bytes());
            }
            case Value.Pointers(List<Value> elements) -> {
                put(word, offset(word) | list(6, elements.size()));
                int at = claim(elements.size());
                for (Value element : elements) {
                    point(at++, element);
                }
            }
            case Value.Structs structs -> structs(word, structs);
        }
    }

    private void structs(int word, Value.Structs structs) {
        int count = structs.elements().size();
        int dataWords = structs.dataWords();
        int each = dataWords + structs.pointerWords();
        put(word, offset(word) | list(7, count * each));
        int tag = claim(1 + count * each);
        put(tag, (long) count << 2 | (long) dataWords << 32 | (long) structs.pointerWords() << 48);
        int at = tag + 1;
        for (Struct element : structs.elements()) {
            fill(at, dataWords, element);
            at += each;
        }
        at = tag + 1;
        for (Struct element : structs.elements()) {
            pointBehind(at + dataWords, element);
            at += each;
        }
    }

    private void fill(int at, int dataWords, Struct s) {
        out.put(TABLE_BYTES + at * 8, s.bytes(), 0, Math.min(s.bytes().length, dataWords * 8));
    }

    private void pointBehind(int at, Struct s) {
        for (int i = 0; i < s.pointerCount(); i++) {
            point(at + i, s.pointer(i));
        }
    }

    private long offset(int word) {
        return (long) (free - word - 1) << 2 & 0xffff_fffcL;
    }

    private static long list(int elementSize, int count) {
        return 1 | (long) elementSize << 32 | (long) count << 35;
    }

    private void put(int word, long value) {
        out.putLong(TABLE_BYTES + word * 8, value);
    }

    private int claim(int words) {
        int at = free;
        free += words;
        return at;
    }
}
