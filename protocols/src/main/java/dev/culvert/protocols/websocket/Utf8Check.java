package dev.culvert.protocols.websocket;

import java.nio.ByteBuffer;

/// Whether bytes that come in pieces are UTF-8 (RFC 3629: shortest form, no surrogates, at most
/// U+10FFFF).
///
/// Not thread-safe: owned by one decoder.
final class Utf8Check {
    private int missing;
    private int low = 0x80;
    private int high = 0xBF;

    /// False as soon as the remaining bytes cannot continue the text; moves nothing.
    boolean accept(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (!accept(bytes.get(i) & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /// Whether the text may end here.
    boolean complete() {
        return missing == 0;
    }

    private boolean accept(int b) {
        if (missing > 0) {
            boolean good = b >= low && b <= high;
            missing--;
            low = 0x80;
            high = 0xBF;
            return good;
        }
        if (b < 0x80) {
            return true;
        }
        if (b < 0xC2 || b > 0xF4) {
            return false;
        }
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        return true;
    }
}
