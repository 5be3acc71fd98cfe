package dev.culvert.protocols.websocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The XOR masking of RFC 6455, section 5.3, eight bytes at a time.
///
/// Immutable.
final class Mask {
    private Mask() {}

    /// Masks or unmasks `from` to `to` in place; the position of the buffer is not used or moved.
    ///
    /// @param key the four bytes of the key, first byte highest
    /// @param phase how many bytes of the payload came before `from`
    static void apply(ByteBuffer buffer, int from, int to, int key, long phase) {
        if (key == 0) {
            return;
        }
        int rotated = Integer.rotateLeft(key, (int) (phase & 3) * 8);
        long wide = ((long) rotated << 32) | (rotated & 0xFFFF_FFFFL);
        if (buffer.order() == ByteOrder.LITTLE_ENDIAN) {
            wide = Long.reverseBytes(wide);
        }
        int i = from;
        for (; i <= to - 8; i += 8) {
            buffer.putLong(i, buffer.getLong(i) ^ wide);
        }
        for (int shift = 24; i < to; i++, shift = (shift - 8) & 31) {
            buffer.put(i, (byte) (buffer.get(i) ^ (rotated >>> shift)));
        }
    }
}
