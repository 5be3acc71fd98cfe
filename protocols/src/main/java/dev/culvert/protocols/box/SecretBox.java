package dev.culvert.protocols.box;

import dev.culvert.protocols.ProtocolException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// NaCl's `secretbox`: the authenticator, then the text under XSalsa20.
///
/// ```
/// 16 bytes Poly1305 of the rest │ text, encrypted
/// ```
///
/// Immutable.
final class SecretBox {
    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 24;
    static final int MAC_BYTES = 16;

    private final byte[] key;

    SecretBox(byte[] key) {
        this.key = requireLength("key", key, KEY_BYTES).clone();
    }

    /// @param nonce [#NONCE_BYTES] that were never used with this key
    byte[] seal(byte[] nonce, byte[] text) {
        XSalsa20Engine cipher = cipher(nonce);
        Poly1305 authenticator = authenticator(cipher);
        byte[] box = new byte[MAC_BYTES + text.length];
        cipher.processBytes(text, 0, text.length, box, MAC_BYTES);
        authenticator.update(box, MAC_BYTES, text.length);
        authenticator.doFinal(box, 0);
        return box;
    }

    /// @throws ProtocolException for a box that this key did not make
    byte[] open(byte[] nonce, byte[] box) throws ProtocolException {
        XSalsa20Engine cipher = cipher(nonce);
        Poly1305 authenticator = authenticator(cipher);
        int length = Math.max(0, box.length - MAC_BYTES);
        byte[] expected = new byte[MAC_BYTES];
        authenticator.update(box, box.length - length, length);
        authenticator.doFinal(expected, 0);
        byte[] found = Arrays.copyOf(box, Math.min(box.length, MAC_BYTES));
        if (!MessageDigest.isEqual(expected, found)) {
            throw ProtocolException.of("box", "not authentic", "sealed for this key");
        }
        byte[] text = new byte[length];
        cipher.processBytes(box, MAC_BYTES, length, text, 0);
        return text;
    }

    private XSalsa20Engine cipher(byte[] nonce) {
        XSalsa20Engine cipher = new XSalsa20Engine();
        byte[] checked = requireLength("nonce", nonce, NONCE_BYTES);
        cipher.init(true, new ParametersWithIV(new KeyParameter(key), checked));
        return cipher;
    }

    /// Its one-time key is the stream's first 32 bytes; the text is encrypted from the 33rd on.
    private static Poly1305 authenticator(XSalsa20Engine cipher) {
        byte[] oneTimeKey = new byte[KEY_BYTES];
        cipher.processBytes(oneTimeKey, 0, KEY_BYTES, oneTimeKey, 0);
        Poly1305 authenticator = new Poly1305();
        authenticator.init(new KeyParameter(oneTimeKey));
        return authenticator;
    }

    static byte[] requireLength(String what, byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(
                    what + ": " + bytes.length + " bytes (expected: " + length + ")");
        }
        return bytes;
    }
}
