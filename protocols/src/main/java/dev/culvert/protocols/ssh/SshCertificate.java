package dev.culvert.protocols.ssh;

import dev.culvert.protocols.ProtocolException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A certificate of OpenSSH (PROTOCOL.certkeys), version 01. Immutable.
///
/// @param serial 64 bits, unsigned
/// @param id what hosts write in their logs
/// @param validAfter in whole seconds, as `validBefore`
/// @param validBefore the first moment when it is not good any more
/// @param criticalOptions those that a host must understand; values empty where they have none
/// @param authority the key that signed it
public record SshCertificate(
        SshPublicKey key,
        Use use,
        long serial,
        String id,
        List<String> principals,
        Instant validAfter,
        Instant validBefore,
        SortedMap<String, String> criticalOptions,
        SortedMap<String, String> extensions,
        SshPublicKey authority) {
    /// Longest text that is read.
    public static final int MAX_LINE = 32 * 1024;

    /// What is beyond any instant: all bits set, as OpenSSH writes it.
    public static final Instant FOREVER = Instant.MAX;

    private static final String WHAT = "certificate";

    /// What it is for.
    public enum Use {
        USER(1),
        HOST(2);

        private final int number;

        Use(int number) {
            this.number = number;
        }
    }

    /// Signs bytes as SSH writes signatures: a string that names the algorithm, and one of it.
    @FunctionalInterface
    public interface Signer {
        byte[] sign(byte[] bytes);
    }

    public SshCertificate {
        principals = List.copyOf(principals);
        criticalOptions = Collections.unmodifiableSortedMap(new TreeMap<>(criticalOptions));
        extensions = Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
    }

    /// As on the wire, with a signature.
    ///
    /// @param nonce of 32 random bytes: nobody can choose what is signed
    public byte[] sign(byte[] nonce, Signer signer) {
        SshEncoder out =
                new SshEncoder()
                        .string(key.type().certificateWord())
                        .string(nonce)
                        .raw(key.fields())
                        .uint64(serial)
                        .uint32(use.number)
                        .string(id)
                        .string(packed(principals))
                        .uint64(seconds(validAfter))
                        .uint64(seconds(validBefore))
                        .string(packed(criticalOptions))
                        .string(packed(extensions))
                        .string("")
                        .string(authority.bytes());
        return out.string(signer.sign(out.toBytes())).toBytes();
    }

    private static long seconds(Instant at) {
        return at.equals(FOREVER) ? -1 : at.getEpochSecond();
    }

    private static byte[] packed(List<String> texts) {
        SshEncoder out = new SshEncoder();
        texts.forEach(out::string);
        return out.toBytes();
    }

    private static byte[] packed(SortedMap<String, String> options) {
        SshEncoder out = new SshEncoder();
        options.forEach((name, value) -> {
            byte[] data = value.isEmpty() ? new byte[0] : new SshEncoder().string(value).toBytes();
            out.string(name).string(data);
        });
        return out.toBytes();
    }

    /// A line as in `id_ed25519-cert.pub`.
    ///
    /// @param signed as from [#sign]
    public String line(byte[] signed) {
        return key.type().certificateWord() + " " + Base64.getEncoder().encodeToString(signed);
    }

    /// Reads a line as in `id_ed25519-cert.pub`. The signature is not checked: that takes the authority's key from
    /// elsewhere.
    public static SshCertificate ofLine(String line) throws ProtocolException {
        String[] words = line.strip().split("[ \\t]+", 3);
        if (line.length() > MAX_LINE || words.length < 2 || line.strip().lines().count() != 1) {
            throw ProtocolException.of(
                    WHAT,
                    ProtocolException.quote(line.strip()),
                    "one line: ssh-ed25519-cert-v01@openssh.com AAAA…");
        }
        try {
            return of(Base64.getDecoder().decode(words[1]));
        } catch (IllegalArgumentException e) {
            throw ProtocolException.of(WHAT, "not base64", "base64");
        }
    }

    /// Reads it as on the wire. The signature is not checked.
    public static SshCertificate of(byte[] bytes) throws ProtocolException {
        SshDecoder in = new SshDecoder(WHAT, bytes);
        String word = in.text("type");
        SshKeyType type = SshKeyType.ofCertificate(word);
        if (type == null) {
            throw in.broken(
                    "type", ProtocolException.quote(word), "ssh-ed25519-cert-v01@openssh.com");
        }
        in.string("nonce");
        SshPublicKey key = key(type, in, bytes);
        long serial = in.uint64("serial");
        Use use = use(in);
        String id = in.text("key id");
        List<String> principals = principals(in.string("principals"));
        Instant validAfter = instant(in, "valid after");
        Instant validBefore = instant(in, "valid before");
        SortedMap<String, String> critical = options("critical options", in);
        SortedMap<String, String> extensions = options("extensions", in);
        in.string("reserved");
        SshPublicKey authority = SshPublicKey.of(in.string("signature key"));
        in.string("signature");
        in.requireEnd();
        return new SshCertificate(
                key,
                use,
                serial,
                id,
                principals,
                validAfter,
                validBefore,
                critical,
                extensions,
                authority);
    }

    private static SshPublicKey key(SshKeyType type, SshDecoder in, byte[] bytes)
            throws ProtocolException {
        int from = in.position();
        for (int i = 0; i < type.fields(); i++) {
            in.string("key");
        }
        byte[] fields = Arrays.copyOfRange(bytes, from, in.position());
        return SshPublicKey.of(new SshEncoder().string(type.word()).raw(fields).toBytes());
    }

    private static Use use(SshDecoder in) throws ProtocolException {
        int number = in.uint32("kind");
        for (Use use : Use.values()) {
            if (use.number == number) {
                return use;
            }
        }
        throw in.broken("kind", Integer.toUnsignedString(number), "1 (user) or 2 (host)");
    }

    private static List<String> principals(byte[] packed) throws ProtocolException {
        SshDecoder in = new SshDecoder("principals of a certificate", packed);
        List<String> read = new ArrayList<>();
        while (!in.isAtEnd()) {
            read.add(in.text("principal"));
        }
        return read;
    }

    private static Instant instant(SshDecoder in, String field) throws ProtocolException {
        long seconds = in.uint64(field);
        boolean beyond = seconds < 0 || seconds >= FOREVER.getEpochSecond();
        return beyond ? FOREVER : Instant.ofEpochSecond(seconds);
    }

    private static SortedMap<String, String> options(String field, SshDecoder in)
            throws ProtocolException {
        SshDecoder packed = new SshDecoder(field + " of a certificate", in.string(field));
        SortedMap<String, String> read = new TreeMap<>();
        String last = "";
        while (!packed.isAtEnd()) {
            String name = packed.text("name");
            if (name.compareTo(last) <= 0) {
                throw packed.broken("name", ProtocolException.quote(name), "names in their order");
            }
            byte[] data = packed.string("data");
            read.put(name, data.length == 0 ? "" : value(field, data));
            last = name;
        }
        return read;
    }

    private static String value(String field, byte[] data) throws ProtocolException {
        SshDecoder in = new SshDecoder(field + " of a certificate", data);
        String value = in.text("value");
        in.requireEnd();
        return value;
    }
}
