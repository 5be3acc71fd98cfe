package dev.culvert.edge.identity;

import dev.culvert.edge.state.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Random secrets that are given out once and kept as their hash. They have 256 bits, so a plain SHA-256
/// is enough. Thread-safe.
public final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private Secrets() {}

    /// 43 characters of base64url.
    public static String make() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /// 64 hexadecimal digits.
    public static String hash(String secret) {
        return HexFormat.of()
                .formatHex(Digests.sha256().digest(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /// Takes the same time whatever the texts hold.
    public static boolean equal(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
