package dev.culvert.recording;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// The key that an edge's recordings are checked with: Ed25519 (RFC 8032). Immutable; thread-safe.
public final class PublicKey {
    static final int BYTES = 32;

    /// `SubjectPublicKeyInfo` of an Ed25519 key (RFC 8410) without the key's 32 bytes.
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final String FINGERPRINT = "SHA256:";

    private final byte[] raw;
    private final java.security.PublicKey key;

    private PublicKey(byte[] raw, java.security.PublicKey key) {
        this.raw = raw;
        this.key = key;
    }

    /// @throws IllegalArgumentException when these bytes are no key
    static PublicKey of(byte[] raw) {
        if (raw.length != BYTES) {
            throw new IllegalArgumentException("key of " + raw.length + " bytes (expected: 32)");
        }
        byte[] encoded = Arrays.copyOf(PREFIX, PREFIX.length + BYTES);
        System.arraycopy(raw, 0, encoded, PREFIX.length, BYTES);
        try {
            return new PublicKey(
                    raw.clone(),
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no Ed25519 key", e);
        }
    }

    /// @param encoded `SubjectPublicKeyInfo`
    static PublicKey ofEncoded(byte[] encoded) {
        if (encoded.length != PREFIX.length + BYTES) {
            throw new IllegalArgumentException("no Ed25519 key");
        }
        return of(Arrays.copyOfRange(encoded, PREFIX.length, encoded.length));
    }

    /// @param text what [#toString] says
    /// @throws IllegalArgumentException when it is no key
    public static PublicKey parse(String text) {
        return of(Base64.getDecoder().decode(text.strip()));
    }

    /// Whether a text names this key: the key itself, or its fingerprint.
    public boolean isNamed(String text) {
        String name = text.strip();
        return name.startsWith(FINGERPRINT)
                ? withoutPadding(name).equals(fingerprint())
                : withoutPadding(name).equals(withoutPadding(toString()));
    }

    /// Whether a text could name a key.
    public static boolean isName(String text) {
        String name = text.strip();
        String encoded = name.startsWith(FINGERPRINT) ? name.substring(FINGERPRINT.length()) : name;
        try {
            return Base64.getDecoder().decode(encoded).length == BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String withoutPadding(String text) {
        return text.replaceAll("=+$", "");
    }

    /// Short name: `SHA256:` and the hash of the key in base64, as SSH writes those of its keys.
    public String fingerprint() {
        return FINGERPRINT
                + Base64.getEncoder().withoutPadding().encodeToString(Hashes.sha256(raw));
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(text);
            return check.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("it was read before", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    /// The key's 32 bytes in base64.
    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(raw);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }
}
