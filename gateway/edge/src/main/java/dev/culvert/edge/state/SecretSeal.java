package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Seals secrets for the database: AES-256-GCM, 12 random bytes of nonce, the id of their owner as
/// associated data, so that a sealed secret moved to another row does not open.
///
/// Key file: one key a line, base64 of 32 bytes; `#` starts a comment. The first key seals; the others
/// only open what was sealed before a rotation. A key's id is derived from the key, so the wrong file
/// is noticed before anything is decrypted.
///
/// Immutable; thread-safe.
public final class SecretSeal {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MAX_FILE_BYTES = 4096;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final Map<String, SecretKeySpec> keys;
    private final String current;

    private SecretSeal(Path file, Map<String, SecretKeySpec> keys) {
        this.file = file;
        this.keys = keys;
        this.current = keys.keySet().iterator().next();
    }

    /// A secret as the database holds it. Immutable by convention: nobody changes the arrays.
    public static final class Sealed {
        public final byte[] ciphertext;
        public final byte[] nonce;
        public final String keyId;

        public Sealed(byte[] ciphertext, byte[] nonce, String keyId) {
            this.ciphertext = ciphertext;
            this.nonce = nonce;
            this.keyId = keyId;
        }
    }

    /// Reads the key file, or makes it when the state is new.
    ///
    /// @param expectedKeyId id of the key the state was last opened with; null when it is new
    static SecretSeal open(Path file, @Nullable String expectedKeyId) throws StateException {
        byte[] content;
        try {
            content = PrivateFiles.read(file, MAX_FILE_BYTES);
        } catch (NoSuchFileException e) {
            if (expectedKeyId != null) {
                throw new StateException(
                        Code.KEY,
                        "key file " + file + " is missing (expected: key " + expectedKeyId + ")",
                        "restore it from your backup, or name its place with --key-file; without"
                                + " it the tunnel secrets cannot be read",
                        e);
            }
            byte[] key = new byte[KEY_BYTES];
            RANDOM.nextBytes(key);
            content =
                    (Base64.getEncoder().encodeToString(key) + "\n")
                            .getBytes(StandardCharsets.US_ASCII);
            PrivateFiles.write(file, content);
        }
        SecretSeal secrets = new SecretSeal(file, parse(file, content));
        if (expectedKeyId != null && !secrets.keys.containsKey(expectedKeyId)) {
            throw secrets.unknown(expectedKeyId);
        }
        return secrets;
    }

    private static Map<String, SecretKeySpec> parse(Path file, byte[] content)
            throws StateException {
        Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : new String(content, StandardCharsets.US_ASCII).split("\n", -1)) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            byte[] key = null;
            try {
                key = Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                // Reported below together with wrong lengths; the cause would quote the key.
            }
            if (key == null || key.length != KEY_BYTES) {
                throw new StateException(
                        Code.KEY,
                        file + ":" + number + ": not a key (expected: base64 of 32 bytes)",
                        "restore the key file from your backup");
            }
            keys.put(id(key), new SecretKeySpec(key, "AES"));
        }
        if (keys.isEmpty()) {
            throw new StateException(
                    Code.KEY,
                    "key file " + file + " holds no key (expected: base64 of 32 bytes)",
                    "restore the key file from your backup");
        }
        return keys;
    }

    private static String id(byte[] key) {
        MessageDigest sha256 = Digests.sha256();
        sha256.update("culvert secret key id\0".getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(Arrays.copyOf(sha256.digest(key), 8));
    }

    /// Id of the key that seals.
    public String currentKeyId() {
        return current;
    }

    public Sealed seal(UUID owner, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            SecretKeySpec key = Objects.requireNonNull(keys.get(current));
            return new Sealed(
                    cipher(Cipher.ENCRYPT_MODE, key, nonce, owner).doFinal(secret), nonce, current);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of every JDK", e);
        }
    }

    public byte[] unseal(UUID owner, Sealed sealed) throws StateException {
        SecretKeySpec key = keys.get(sealed.keyId);
        if (key == null) {
            throw unknown(sealed.keyId);
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, sealed.nonce, owner).doFinal(sealed.ciphertext);
        } catch (AEADBadTagException e) {
            throw new StateException(
                    Code.KEY,
                    "the stored secret of " + owner + " is damaged or was moved",
                    "rotate or delete its owner after restoring the state from a backup",
                    e);
        } catch (GeneralSecurityException e) {
            throw new StateException(
                    Code.STORAGE,
                    "the stored secret of " + owner + " cannot be opened",
                    "restore the state from a backup",
                    e);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, UUID owner)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.toString().getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    private StateException unknown(String keyId) {
        Set<String> ids = keys.keySet();
        return new StateException(
                Code.KEY,
                "key file " + file + " holds " + ids + " (expected: key " + keyId + ")",
                "name the right file with --key-file, or restore it from your backup");
    }

    /// Ids only.
    @Override
    public String toString() {
        return "SecretSeal" + keys.keySet();
    }
}
