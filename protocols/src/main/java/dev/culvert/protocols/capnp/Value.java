package dev.culvert.protocols.capnp;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a pointer of a message leads to.
///
/// Immutable: the arrays inside are never handed out.
public sealed interface Value {

    /// A null pointer: every field behind it has its default.
    Null NULL = new Null();

    record Null() implements Value {}

    /// An entry of the capability table that travels beside the message.
    record Capability(int index) implements Value {}

    /// A list of pointers, for example of texts.
    record Pointers(List<Value> elements) implements Value {
        public Pointers {
            elements = List.copyOf(elements);
        }
    }

    /// A list of structs of one size (an inline-composite list).
    record Structs(int dataWords, int pointerWords, List<Struct> elements) implements Value {
        public Structs {
            elements = List.copyOf(elements);
            for (Struct s : elements) {
                if (s.bytes().length != dataWords * 8 || s.pointerCount() != pointerWords) {
                    throw new IllegalArgumentException(
                            s + " (expected: " + dataWords + "/" + pointerWords + " as the list)");
                }
            }
        }
    }

    /// A list of bits or of numbers, kept as its bytes; text and data are lists of bytes.
    final class Scalars implements Value {
        /// Element size 1 to 5 of a list pointer: a bit, 1, 2, 4 or 8 bytes.
        static final int BIT = 1;

        static final int BYTE = 2;

        private final int elementSize;
        private final int count;
        private final byte[] bytes;

        Scalars(int elementSize, int count, byte[] bytes) {
            this.elementSize = elementSize;
            this.count = count;
            this.bytes = bytes;
        }

        int elementSize() {
            return elementSize;
        }

        int count() {
            return count;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Scalars that
                    && that.elementSize == elementSize
                    && that.count == count
                    && Arrays.equals(that.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return 31 * count + Arrays.hashCode(bytes);
        }

        /// Size only: the content may be a secret.
        @Override
        public String toString() {
            return "Scalars[" + count + " of size " + elementSize + "]";
        }
    }

    /// A struct.
    final class Struct implements Value {
        /// The struct of no fields.
        public static final Struct EMPTY = new Struct(new byte[0], new Value[0]);

        private final byte[] data;
        private final Value[] pointers;

        Struct(byte[] data, Value[] pointers) {
            this.data = data;
            this.pointers = pointers;
        }

        /// Bytes of the data section, a multiple of 8. Not to be written to.
        byte[] bytes() {
            return data;
        }

        int pointerCount() {
            return pointers.length;
        }

        /// Pointer `i`, [Value#NULL] beyond the pointers sent.
        public Value pointer(int i) {
            return i < pointers.length ? pointers[i] : NULL;
        }

        /// Reads the fields of this struct.
        public Fields fields() {
            return new Fields(this);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Struct that
                    && Arrays.equals(that.data, data)
                    && Arrays.equals(that.pointers, pointers);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(data) + Arrays.hashCode(pointers);
        }

        /// Size only: the content may be a secret.
        @Override
        public String toString() {
            return "Struct[" + data.length / 8 + "/" + pointers.length + "]";
        }
    }
}
