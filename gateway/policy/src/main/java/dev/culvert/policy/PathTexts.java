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
/// 2. Percent-decoded altogether.
/// 3. Decoded again, as by two servers in a row, and what looks like ASCII made ASCII (`／` is `/`),
///    until nothing changes.
///
/// Stateless.
final class PathTexts {
    /// A path that was encoded three times over is nobody's mistake.
    private static final int MAX_TEXTS = 5;

    private static final Pattern IIS_ESCAPE = Pattern.compile("%[uU][0-9a-fA-F]{4}");
    private static final String MEANINGFUL = "/\\;%?#";

    private PathTexts() {}

    /// @param path as received, without the query
    /// @return empty when it has control characters, overlong UTF-8, `%uXXXX` or bytes that are not encoded
    ///     in it, or was encoded too often
    static List<String> of(String path) {
        if (!path.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        try {
            texts.add(decoded(path, false));
            String text = decoded(path, true);
            for (String next = further(text); !next.equals(text); next = further(text)) {
                texts.add(text);
                if (texts.size() == MAX_TEXTS) {
                    return List.of();
                }
                text = next;
            }
            texts.add(text);
        } catch (CharacterCodingException e) {
            return List.of();
        }
        return texts.stream().allMatch(PathTexts::isReadable) ? texts : List.of();
    }

    private static boolean isReadable(String text) {
        return text.chars().noneMatch(Character::isISOControl)
                && !(text.indexOf('%') >= 0 && IIS_ESCAPE.matcher(text).find());
    }

    private static String further(String text) throws CharacterCodingException {
        String next = decoded(text, true);
        return next.equals(text) && text.chars().anyMatch(c -> c >= 0x80)
                ? Normalizer.normalize(text, Normalizer.Form.NFKC)
                : next;
    }

    private static String decoded(String text, boolean all) throws CharacterCodingException {
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
    private static String text(byte[] bytes) throws CharacterCodingException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            for (byte octet : bytes) {
                if (octet == (byte) 0xc0
                        || octet == (byte) 0xc1
                        || octet == (byte) 0xe0
                        || octet == (byte) 0xf0) {
                    throw e;
                }
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static int digit(byte c) {
        return Character.digit((char) (c & 0xff), 16);
    }
}
