package dev.culvert.protocols.capnp;

import dev.culvert.protocols.capnp.Value.Scalars;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes a [Struct]. Places are those of [Fields].
///
/// Mutable, not thread-safe; of no more use after [#build()].
public final class StructBuilder {
    private final byte[] data;
    private final Value[] pointers;

    /// @param dataWords 8-byte words of the data section
    /// @param pointerWords number of pointers
    public StructBuilder(int dataWords, int pointerWords) {
        data = new byte[dataWords * 8];
        pointers = new Value[pointerWords];
        Arrays.fill(pointers, Value.NULL);
    }

    public StructBuilder bit(int i, boolean value) {
        if (value) {
            data[i / 8] |= (byte) (1 << (i % 8));
        }
        return this;
    }

    public StructBuilder u8(int at, int value) {
        return little(at, 1, value);
    }

    public StructBuilder u16(int at, int value) {
        return little(at, 2, value);
    }

    public StructBuilder i32(int at, int value) {
        return little(at, 4, value);
    }

    public StructBuilder i64(int at, long value) {
        return little(at, 8, value);
    }

    public StructBuilder pointer(int i, Value value) {
        pointers[i] = value;
        return this;
    }

    public StructBuilder data(int i, byte[] value) {
        return pointer(i, new Scalars(Scalars.BYTE, value.length, value.clone()));
    }

    public StructBuilder text(int i, String value) {
        return pointer(i, text(value));
    }

    public StructBuilder texts(int i, List<String> values) {
        List<Value> elements = new ArrayList<>(values.size());
        values.forEach(value -> elements.add(text(value)));
        return pointer(i, new Value.Pointers(elements));
    }

    public StructBuilder structs(int i, int dataWords, int pointerWords, List<Struct> values) {
        return pointer(i, new Value.Structs(dataWords, pointerWords, values));
    }

    public Struct build() {
        return new Struct(data, pointers);
    }

    private static Value text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new Scalars(Scalars.BYTE, bytes.length + 1, Arrays.copyOf(bytes, bytes.length + 1));
    }

    private StructBuilder little(int at, int size, long value) {
        for (int k = 0; k < size; k++) {
            data[at + k] = (byte) (value >>> (8 * k));
        }
        return this;
    }
}
