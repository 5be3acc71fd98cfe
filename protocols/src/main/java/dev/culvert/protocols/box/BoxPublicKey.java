package dev.culvert.protocols.box;

import dev.culvert.protocols.ProtocolException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The public half of a [BoxKeyPair], and its text: 44 characters, base64url with padding.
///
/// Immutable.
public final class BoxPublicKey {
    /// Characters of [#text].
    public static final int TEXT_LENGTH = 44;

    private final byte[] point;

    BoxPublicKey(byte[] point) {
        this.point = SecretBox.requireLength("public key", point, Curve25519.BYTES).clone();
    }

    /// Reads [#text]; only the one spelling that it writes, since the text is also a name.
    public static BoxPublicKey parse(String text) throws ProtocolException {
        try {
            if (text.length() == TEXT_LENGTH) {
                BoxPublicKey key = new BoxPublicKey(Base64.getUrlDecoder().decode(text));
                if (key.text().equals(text)) {
                    return key;
                }
            }
        } catch (IllegalArgumentException e) {
            // Told below: the value is the peer's.
        }
        throw ProtocolException.of(
                "public key",
                ProtocolException.quote(text),
                "32 bytes in base64url with padding, " + TEXT_LENGTH + " characters");
    }

    public String text() {
        return Base64.getUrlEncoder().encodeToString(point);
    }

    byte[] point() {
        return point.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BoxPublicKey key && Arrays.equals(key.point, point);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(point);
    }

    @Override
    public String toString() {
        return text();
    }
}
