package dev.culvert.protocols.box;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What a person compares before a command line is let in, such as `K7QM-2XTD`: the terminal and the browser's page both
/// derive it from the command line's public key. Who was sent the link of somebody else's login has no terminal that
/// shows it.
///
/// Forty bits of SHA-256 in Crockford's letters, which leave out I, L, O and U. It names a key and proves nothing: what
/// is handed over can be opened by the key's owner only.
///
/// Immutable.
public record ConfirmationCode(String text) {
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final byte[] PURPOSE =
            "culvert confirmation code\n".getBytes(StandardCharsets.US_ASCII);

    public static ConfirmationCode of(BoxPublicKey key) {
        byte[] digest = sha256(key);
        long bits = 0;
        for (int i = 0; i < 5; i++) {
            bits = bits << 8 | digest[i] & 0xFF;
        }
        StringBuilder text = new StringBuilder(9);
        for (int shift = 35; shift >= 0; shift -= 5) {
            text.append(shift == 15 ? "-" : "").append(LETTERS.charAt((int) (bits >> shift & 31)));
        }
        return new ConfirmationCode(text.toString());
    }

    private static byte[] sha256(BoxPublicKey key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(PURPOSE);
            return digest.digest(key.point());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
