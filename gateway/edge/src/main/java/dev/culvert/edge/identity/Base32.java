package dev.culvert.edge.identity;

/// Base 32 of RFC 4648, section 6, without padding.
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;

    private Base32() {}

    static String encode(byte[] bytes) {
        return encode(bytes, ALPHABET);
    }

    /// @param alphabet of 32 characters
    static String encode(byte[] bytes, String alphabet) {
        StringBuilder text = new StringBuilder();
        int held = 0;
        int heldBits = 0;
        for (byte next : bytes) {
            held = held << Byte.SIZE | next & 0xff;
            heldBits += Byte.SIZE;
            while (heldBits >= BITS) {
                heldBits -= BITS;
                text.append(alphabet.charAt(held >>> heldBits & 0x1f));
            }
            held &= (1 << heldBits) - 1;
        }
        if (heldBits > 0) {
            text.append(alphabet.charAt(held << BITS - heldBits & 0x1f));
        }
        return text.toString();
    }

    /// What [#encode(byte[])] made.
    static byte[] decode(String text) {
        byte[] bytes = new byte[text.length() * BITS / Byte.SIZE];
        int held = 0;
        int heldBits = 0;
        int next = 0;
        for (char c : text.toCharArray()) {
            held = held << BITS | ALPHABET.indexOf(c);
            heldBits += BITS;
            if (heldBits >= Byte.SIZE) {
                heldBits -= Byte.SIZE;
                bytes[next++] = (byte) (held >>> heldBits);
                held &= (1 << heldBits) - 1;
            }
        }
        return bytes;
    }
}
