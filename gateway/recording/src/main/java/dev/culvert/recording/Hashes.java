package dev.culvert.recording;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// SHA-256, and how hashes and signatures are written in sidecars: base64url without padding. Stateless.
final class Hashes {
    static final int BYTES = 32;

    private Hashes() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /// The chain's next value.
    static byte[] chained(byte[] chain, byte[] record) {
        MessageDigest digest = sha256();
        digest.update(chain);
        return digest.digest(record);
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// @throws IllegalArgumentException when it is something else
    static byte[] parse(String text, int length) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        // A byte has one spelling only: bits that base64 leaves over are zero.
        if (bytes.length != length || !text(bytes).equals(text)) {
            throw new IllegalArgumentException("no base64url of " + length + " bytes");
        }
        return bytes;
    }
}
