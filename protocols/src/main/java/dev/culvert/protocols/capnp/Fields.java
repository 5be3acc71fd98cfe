package dev.culvert.protocols.capnp;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Value.Pointers;
import dev.culvert.protocols.capnp.Value.Scalars;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.capnp.Value.Structs;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The fields of a struct, read by their place in it. Numbers and bits beyond the data sent, and
/// null pointers, read as zero and empty: that is how older writers and newer readers agree.
///
/// Immutable.
public final class Fields {
    private final Struct struct;

    Fields(Struct struct) {
        this.struct = struct;
    }

    /// Bit `i` of the data section.
    public boolean bit(int i) {
        return (u8(i / 8) >> (i % 8) & 1) != 0;
    }

    /// Unsigned 8 bits at byte `at` of the data section.
    public int u8(int at) {
        return (int) little(at, 1);
    }

    public int u16(int at) {
        return (int) little(at, 2);
    }

    /// The 32 bits at byte `at`, which are an unsigned number for most fields.
    public int i32(int at) {
        return (int) little(at, 4);
    }

    public long i64(int at) {
        return little(at, 8);
    }

    public Value pointer(int i) {
        return struct.pointer(i);
    }

    public Fields struct(int i) throws ProtocolException {
        return rawStruct(i).fields();
    }

    /// The struct itself, for passing on.
    public Struct rawStruct(int i) throws ProtocolException {
        return switch (struct.pointer(i)) {
            case Struct s -> s;
            case Value.Null _ -> Struct.EMPTY;
            case Value other -> throw mismatch(i, other, "a struct");
        };
    }

    /// @param maxBytes longest value allowed; checked before it is copied
    public byte[] data(int i, int maxBytes) throws ProtocolException {
        byte[] bytes = bytes(i);
        checkLength(i, bytes.length, maxBytes);
        return bytes.clone();
    }

    /// Text without its closing NUL.
    ///
    /// @param maxBytes longest value allowed, in bytes of UTF-8
    public String text(int i, int maxBytes) throws ProtocolException {
        return text("pointer " + i, struct.pointer(i), maxBytes);
    }

    public List<String> texts(int i, int maxCount, int maxBytes) throws ProtocolException {
        Value value = struct.pointer(i);
        if (isEmpty(value)) {
            return List.of();
        }
        if (!(value instanceof Pointers(List<Value> elements))) {
            throw mismatch(i, value, "a list of texts");
        }
        checkLength(i, elements.size(), maxCount);
        List<String> texts = new ArrayList<>(elements.size());
        for (Value element : elements) {
            texts.add(text("element of pointer " + i, element, maxBytes));
        }
        return List.copyOf(texts);
    }

    public List<Struct> structs(int i, int maxCount) throws ProtocolException {
        Value value = struct.pointer(i);
        if (isEmpty(value)) {
            return List.of();
        }
        if (!(value instanceof Structs structs)) {
            throw mismatch(i, value, "a list of structs");
        }
        checkLength(i, structs.elements().size(), maxCount);
        return structs.elements();
    }

    private byte[] bytes(int i) throws ProtocolException {
        return switch (struct.pointer(i)) {
            case Value.Null _ -> new byte[0];
            case Scalars s when s.elementSize() == Scalars.BYTE -> s.bytes();
            case Value other -> throw mismatch(i, other, "a list of bytes");
        };
    }

    private static String text(String where, Value value, int maxBytes) throws ProtocolException {
        if (value instanceof Value.Null) {
            return "";
        }
        if (!(value instanceof Scalars s) || s.elementSize() != Scalars.BYTE) {
            throw ProtocolException.of(where, value, "text");
        }
        byte[] bytes = s.bytes();
        if (bytes.length == 0 || bytes[bytes.length - 1] != 0) {
            throw ProtocolException.of(where, bytes.length + " bytes", "text that ends in NUL");
        }
        if (bytes.length - 1 > maxBytes) {
            throw ProtocolException.of(where, bytes.length - 1, "at most " + maxBytes);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, bytes.length - 1))
                    .toString();
        } catch (CharacterCodingException _) {
            throw ProtocolException.of(where, bytes.length - 1 + " bytes", "UTF-8");
        }
    }

    private static boolean isEmpty(Value value) {
        return value instanceof Value.Null || (value instanceof Scalars s && s.count() == 0);
    }

    private static void checkLength(int i, int length, int max) throws ProtocolException {
        if (length > max) {
            throw ProtocolException.of("length of pointer " + i, length, "at most " + max);
        }
    }

    private static ProtocolException mismatch(int i, Value value, String expected) {
        return ProtocolException.of("pointer " + i, value, expected);
    }

    private long little(int at, int size) {
        byte[] data = struct.bytes();
        if (at + size > data.length) {
            return 0;
        }
        long value = 0;
        for (int k = size - 1; k >= 0; k--) {
            value = value << 8 | (data[at + k] & 0xff);
        }
        return value;
    }
}
