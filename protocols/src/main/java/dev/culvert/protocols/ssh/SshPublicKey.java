package dev.culvert.protocols.ssh;

import dev.culvert.protocols.ProtocolException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Base64;

/// A public key as SSH writes it: a string that names its type, and strings of that type (RFC 4253, section 6.6;
/// RFC 5656; RFC 8709; OpenSSH's PROTOCOL.u2f). What such a key must have is checked; that its owner has the
/// private one is not.
///
/// Immutable.
public final class SshPublicKey {
    /// Longest line that is read.
    public static final int MAX_LINE = 8 * 1024;

    private static final String WHAT = "public key";
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 16 * 1024;
    private static final int ED25519_BYTES = 32;

    private final SshKeyType type;
    private final byte[] bytes;

    private SshPublicKey(SshKeyType type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /// Reads `type base64 [comment]`, without options in front.
    public static SshPublicKey ofLine(String line) throws ProtocolException {
        if (line.length() > MAX_LINE) {
            throw ProtocolException.of(WHAT, line.length() + " characters", "at most " + MAX_LINE);
        }
        String[] words = line.strip().split("[ \\t]+", 3);
        if (words.length < 2 || line.strip().lines().count() != 1) {
            throw ProtocolException.of(
                    WHAT, ProtocolException.quote(line.strip()), "one line: ssh-ed25519 AAAA…");
        }
        SshPublicKey key = of(decoded(words[1]));
        if (!key.type.word().equals(words[0])) {
            throw ProtocolException.of(
                    WHAT, ProtocolException.quote(words[0]), key.type.word() + ", as in the key");
        }
        return key;
    }

    private static byte[] decoded(String base64) throws ProtocolException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw ProtocolException.of(WHAT, "not base64", "ssh-ed25519 AAAA…");
        }
    }

    /// Reads the key as on the wire.
    public static SshPublicKey of(byte[] bytes) throws ProtocolException {
        SshDecoder in = new SshDecoder(WHAT, bytes);
        String word = in.text("type");
        SshKeyType type = SshKeyType.of(word);
        if (type == null) {
            throw in.broken("type", ProtocolException.quote(word), types());
        }
        check(type, in);
        in.requireEnd();
        return new SshPublicKey(type, bytes.clone());
    }

    private static String types() {
        return "one of "
                + String.join(
                        ", ", Arrays.stream(SshKeyType.values()).map(SshKeyType::word).toList());
    }

    private static void check(SshKeyType type, SshDecoder in) throws ProtocolException {
        switch (type) {
            case ED25519, SK_ED25519 -> checkEd25519(in);
            case ECDSA_256, SK_ECDSA_256 -> checkPoint(Curve.NISTP256, in);
            case ECDSA_384 -> checkPoint(Curve.NISTP384, in);
            case ECDSA_521 -> checkPoint(Curve.NISTP521, in);
            case RSA -> checkRsa(in);
        }
        if (type == SshKeyType.SK_ED25519 || type == SshKeyType.SK_ECDSA_256) {
            String application = in.text("application");
            if (application.isEmpty() || application.length() > 255) {
                throw in.broken("application", application.length() + " characters", "1 to 255");
            }
        }
    }

    private static void checkEd25519(SshDecoder in) throws ProtocolException {
        int length = in.string("pk").length;
        if (length != ED25519_BYTES) {
            throw in.broken("pk", length + " bytes", ED25519_BYTES + " bytes");
        }
    }

    private static void checkPoint(Curve curve, SshDecoder in) throws ProtocolException {
        String named = in.text("curve");
        if (!named.equals(curve.word())) {
            throw in.broken("curve", ProtocolException.quote(named), curve.word());
        }
        if (!curve.has(in.string("Q"))) {
            throw in.broken("Q", "no point of the curve", "an uncompressed point of " + named);
        }
    }

    private static void checkRsa(SshDecoder in) throws ProtocolException {
        BigInteger exponent = in.positive("e");
        if (!exponent.testBit(0) || exponent.equals(BigInteger.ONE) || exponent.bitLength() > 64) {
            throw in.broken("e", "not usable", "an odd number such as 65537");
        }
        BigInteger modulus = in.positive("n");
        int bits = modulus.bitLength();
        if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS || !modulus.testBit(0)) {
            throw in.broken("n", bits + " bits", LEAST_RSA_BITS + " to " + MOST_RSA_BITS + " bits");
        }
    }

    /// A key of the JDK: Ed25519, or P-256, P-384, P-521.
    public static SshPublicKey of(PublicKey key) {
        return switch (key) {
            case EdECPublicKey ed -> ofEd25519(ed);
            case ECPublicKey ec -> ofEc(ec);
            default ->
                    throw new IllegalArgumentException("not a key for SSH: " + key.getAlgorithm());
        };
    }

    private static SshPublicKey ofEd25519(EdECPublicKey key) {
        byte[] encoded = key.getEncoded();
        // RFC 8410: the key is the end of its encoding.
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
        return made(
                SshKeyType.ED25519, new SshEncoder().string(SshKeyType.ED25519.word()).string(raw));
    }

    private static SshPublicKey ofEc(ECPublicKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        Curve curve =
                switch (bits) {
                    case 256 -> Curve.NISTP256;
                    case 384 -> Curve.NISTP384;
                    case 521 -> Curve.NISTP521;
                    default -> throw new IllegalArgumentException("curve of " + bits + " bits");
                };
        SshKeyType type =
                switch (curve) {
                    case NISTP256 -> SshKeyType.ECDSA_256;
                    case NISTP384 -> SshKeyType.ECDSA_384;
                    case NISTP521 -> SshKeyType.ECDSA_521;
                };
        return made(
                type,
                new SshEncoder()
                        .string(type.word())
                        .string(curve.word())
                        .string(curve.encode(key.getW())));
    }

    private static SshPublicKey made(SshKeyType type, SshEncoder encoded) {
        return new SshPublicKey(type, encoded.toBytes());
    }

    public SshKeyType type() {
        return type;
    }

    /// As on the wire.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// The strings after the type.
    byte[] fields() {
        return Arrays.copyOfRange(bytes, Integer.BYTES + type.word().length(), bytes.length);
    }

    /// As in `authorized_keys`, without a comment.
    public String line() {
        return type.word() + " " + Base64.getEncoder().encodeToString(bytes);
    }

    /// As `ssh-keygen -l` shows it.
    public String fingerprint() {
        return fingerprint(bytes);
    }

    /// Of a key as on the wire, whatever its type.
    public static String fingerprint(byte[] key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SshPublicKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return line();
    }
}
