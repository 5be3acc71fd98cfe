package dev.culvert.policy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The texts that a path can be decoded to.
///
/// 1. Percent-decoded, except for what would then have a meaning: `/ \ ; % ? #`. For RFC 3986 this is
///    the same path still, so the one as received is none of the texts: `/%61dmin` is `/admin`.
/// 2. Percent-decoded altogether, or what looks like ASCII made ASCII (`／` is `/`).
/// 3. The same with each of these, until nothing changes.
///
/// Stateless.
final class PathTexts {
    private static final Pattern IIS_ESCAPE = Pattern.compile("%[uU][0-9a-fA-F]{4}");
    private static final String MEANINGFUL = "/\\;%?#";

    private PathTexts() {}

    /// @param path as received, without the query
    static String first(String path) throws UnreadableException {
        if (!path.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new UnreadableException();
        }
        return readable(decoded(path, false));
    }

    /// What a text or path becomes next; nothing when it stays as it is.
    static List<String> further(String text) throws UnreadableException {
        List<String> next = new ArrayList<>();
        String decoded = decoded(text, true);
        if (!decoded.equals(text)) {
            next.add(readable(decoded));
        }
        if (text.chars().anyMatch(c -> c >= 0x80)) {
            String plain = Normalizer.normalize(text, Normalizer.Form.NFKC);
            if (!plain.equals(text)) {
                next.add(readable(plain));
            }
        }
        return next;
    }

    private static String readable(String text) throws UnreadableException {
        if (text.chars().anyMatch(Character::isISOControl)
                || (text.indexOf('%') >= 0 && IIS_ESCAPE.matcher(text).find())) {
            throw new UnreadableException();
        }
        return text;
    }

    private static String decoded(String text, boolean all) throws UnreadableException {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
            int low = high < 0 ? -1 : digit(bytes[i + 2]);
            int octet = high * 16 + low;
            if (low < 0 || (!all && MEANINGFUL.indexOf(octet) >= 0)) {
                out.write(bytes[i]);
            } else {
                out.write(octet);
                i += 2;
            }
        }
        return text(out.toByteArray());
    }

    /// UTF-8, else Latin-1 as old sites have it, but nothing that a careless decoder takes for ASCII.
    private static String text(byte[] bytes) throws UnreadableException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            for (byte octet : bytes) {
                if (octet == (byte) 0xc0
                        || octet == (byte) 0xc1
                        || octet == (byte) 0xe0
                        || octet == (byte) 0xf0) {
                    throw new UnreadableException();
                }
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static int digit(byte c) {
        return Character.digit((char) (c & 0xff), 16);
    }

    /// Control characters, overlong UTF-8, `%uXXXX` or bytes that are not encoded.
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnreadableException() {
            super("unreadable", null, false, false);
        }
    }
}
