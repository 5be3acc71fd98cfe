package dev.culvert.edge.identity;

import dev.culvert.edge.state.Digests;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/// A public key as SSH has it (RFC 4253, section 6.6), of a kind that people may register: Ed25519, ECDSA on the
/// NIST curves, RSA of 2,048 bits and more, and the first two of them on a security key. Immutable.
///
/// @param type such as `ssh-ed25519`
/// @param blob as on the wire: strings and integers, each after four bytes of its length
/// @param comment what stood behind the key, may be empty
public record SshPublicKey(String type, byte[] blob, String comment) {
    private static final int MAX_TEXT = 16 * 1024;
    private static final int ED25519_BYTES = 32;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 16_384;
    private static final int MAX_EXPONENT_BITS = 64;
    private static final byte UNCOMPRESSED = 4;

    public SshPublicKey {
        blob = blob.clone();
    }

    @Override
    public byte[] blob() {
        return blob.clone();
    }

    /// Reads the one line of a file `id_….pub`.
    ///
    /// @throws StateException when it is none, or of a kind that is not taken; never repeats what was given
    public static SshPublicKey parse(String text) throws StateException {
        if (text.contains("PRIVATE KEY")) {
            throw refused(
                    "this is a private key, which is nobody's but yours; it was not kept",
                    "paste the file that ends in .pub; if others saw this one, make a new key");
        }
        String[] parts = text.strip().split("[ \t]+", 3);
        if (text.length() > MAX_TEXT || text.strip().lines().count() != 1 || parts.length < 2) {
            throw refused(
                    "this is no public key (expected: one line such as ssh-ed25519 AAAA…)",
                    "paste the whole file that ends in .pub");
        }
        byte[] blob = decoded(parts[1]);
        check(parts[0], blob);
        return new SshPublicKey(parts[0], blob, parts.length == 3 ? parts[2].strip() : "");
    }

    /// `SHA256:` and 43 characters, as `ssh-keygen -l` prints it.
    public String fingerprint() {
        return fingerprint(blob);
    }

    /// Of a key as on the wire.
    public static String fingerprint(byte[] blob) {
        return "SHA256:"
                + Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(Digests.sha256().digest(blob));
    }

    private static byte[] decoded(String base64) throws StateException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw damaged();
        }
    }

    private static void check(String type, byte[] blob) throws StateException {
        ByteBuffer in = ByteBuffer.wrap(blob);
        try {
            if (!type.equals(text(in))) {
                throw damaged();
            }
            switch (type) {
                case "ssh-ed25519" -> require(bytes(in).length == ED25519_BYTES);
                case "sk-ssh-ed25519@openssh.com" -> {
                    require(bytes(in).length == ED25519_BYTES);
                    require(bytes(in).length > 0);
                }
                case "ecdsa-sha2-nistp256" -> point(in, "nistp256", 32);
                case "ecdsa-sha2-nistp384" -> point(in, "nistp384", 48);
                case "ecdsa-sha2-nistp521" -> point(in, "nistp521", 66);
                case "sk-ecdsa-sha2-nistp256@openssh.com" -> {
                    point(in, "nistp256", 32);
                    require(bytes(in).length > 0);
                }
                case "ssh-rsa" -> rsa(in);
                default -> throw otherKind(type);
            }
            require(!in.hasRemaining());
        } catch (BufferUnderflowException e) {
            throw damaged();
        }
    }

    private static void point(ByteBuffer in, String curve, int fieldBytes) throws StateException {
        require(text(in).equals(curve));
        byte[] point = bytes(in);
        require(point.length == 1 + 2 * fieldBytes && point[0] == UNCOMPRESSED);
    }

    private static void rsa(ByteBuffer in) throws StateException {
        BigInteger exponent = integer(in);
        int bits = integer(in).bitLength();
        require(
                exponent.testBit(0)
                        && exponent.bitLength() > 1
                        && exponent.bitLength() <= MAX_EXPONENT_BITS
                        && bits <= MAX_RSA_BITS);
        if (bits < MIN_RSA_BITS) {
            throw refused(
                    "this RSA key has " + bits + " bits (expected: at least " + MIN_RSA_BITS + ")",
                    "make a new key with: ssh-keygen -t ed25519");
        }
    }

    private static BigInteger integer(ByteBuffer in) throws StateException {
        byte[] bytes = bytes(in);
        require(bytes.length > 0 && bytes[0] >= 0);
        return new BigInteger(bytes);
    }

    private static String text(ByteBuffer in) throws StateException {
        return new String(bytes(in), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(ByteBuffer in) throws StateException {
        int length = in.getInt();
        require(length >= 0 && length <= in.remaining());
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void require(boolean fine) throws StateException {
        if (!fine) {
            throw damaged();
        }
    }

    private static StateException damaged() {
        return refused(
                "this public key is not whole", "paste the whole file that ends in .pub once more");
    }

    private static StateException otherKind(String type) {
        String shown = StateException.quoted(type.toLowerCase(Locale.ROOT));
        return refused(
                type.contains("-cert-")
                        ? "this is a certificate (expected: a public key)"
                        : "keys of the kind "
                                + shown
                                + " are not taken (expected: Ed25519, ECDSA, RSA, or a security"
                                + " key's)",
                type.contains("-cert-")
                        ? "paste the file of the key itself, without -cert in its name"
                        : "make a new key with: ssh-keygen -t ed25519");
    }

    private static StateException refused(String what, String next) {
        return new StateException(Code.INVALID, what, next);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SshPublicKey key && Arrays.equals(blob, key.blob);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blob);
    }

    @Override
    public String toString() {
        return type + " " + fingerprint();
    }
}
