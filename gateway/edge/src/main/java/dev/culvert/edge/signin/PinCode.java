package dev.culvert.edge.signin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A code of six digits that was sent to an address, as the browser's attempt remembers it. Immutable.
///
/// @param address in the form that is kept
/// @param expiresAt to the second
/// @param wrong how many wrong codes were tried
record PinCode(String address, String code, Instant expiresAt, int wrong) {
    static final Duration LIFE = Duration.ofMinutes(10);
    static final int MAX_WRONG = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    static PinCode make(String address, Instant now) {
        return new PinCode(
                address, String.format("%06d", RANDOM.nextInt(1_000_000)), now.plus(LIFE), 0);
    }

    /// Text of [#toNote], or null for none.
    static @Nullable PinCode ofNote(@Nullable String note) {
        if (note == null) {
            return null;
        }
        String[] parts = note.split(" ", -1);
        return new PinCode(
                parts[0],
                parts[1],
                Instant.ofEpochSecond(Long.parseLong(parts[2])),
                Integer.parseInt(parts[3]));
    }

    String toNote() {
        return String.join(
                " ",
                address,
                code,
                Long.toString(expiresAt.getEpochSecond()),
                Integer.toString(wrong));
    }

    boolean isExpired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    boolean matches(String typed) {
        return MessageDigest.isEqual(
                code.getBytes(StandardCharsets.US_ASCII),
                typed.getBytes(StandardCharsets.US_ASCII));
    }

    PinCode afterWrong() {
        return new PinCode(address, code, expiresAt, wrong + 1);
    }

    @Override
    public String toString() {
        return "PinCode[" + address + "]";
    }
}
