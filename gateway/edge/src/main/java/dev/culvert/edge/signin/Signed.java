package dev.culvert.edge.signin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Texts that the edge gives to a browser to bring back, so that nothing has to be kept for those who never
/// come: signed with a key of this process, good for a while. Everybody can read them.
///
/// `base64url(expiry in seconds LF text LF text …) "." base64url(HMAC-SHA-256)`
///
/// Thread-safe.
final class Signed {
    private static final int MAX = 8192;

    private final InstantSource clock;
    private final SecretKeySpec key;

    Signed(InstantSource clock) {
        this.clock = clock;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /// @param texts without line feeds
    String seal(Duration life, String purpose, String... texts) {
        String payload =
                clock.instant().plus(life).getEpochSecond()
                        + "\n"
                        + purpose
                        + "\n"
                        + String.join("\n", texts);
        String encoded = encode(payload.getBytes(StandardCharsets.UTF_8));
        return encoded + "." + encode(mac(encoded));
    }

    /// @return the texts, or null when it is not ours, of another purpose, or too old
    @Nullable List<String> open(@Nullable String text, String purpose) {
        int dot = text == null || text.length() > MAX ? -1 : text.indexOf('.');
        if (text == null || dot < 0) {
            return null;
        }
        String encoded = text.substring(0, dot);
        try {
            byte[] shown = Base64.getUrlDecoder().decode(text.substring(dot + 1));
            if (!MessageDigest.isEqual(mac(encoded), shown)) {
                return null;
            }
            String payload =
                    new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
            List<String> parts = List.of(payload.split("\n", -1));
            boolean good =
                    parts.get(1).equals(purpose)
                            && Long.parseLong(parts.get(0)) >= clock.instant().getEpochSecond();
            return good ? parts.subList(2, parts.size()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every JDK", e);
        }
    }
}
