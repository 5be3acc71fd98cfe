package dev.culvert.edge.identity;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Which passwords are accepted: 12 to 256 characters of any kind, none that is guessed first (NIST SP
/// 800-63B, section 3.1.1.2). No rules of composition.
///
/// Immutable; thread-safe.
public final class PasswordRules {
    public static final int MIN_CHARACTERS = 12;
    static final int MAX_CHARACTERS = 256;
    private static final int MIN_DIFFERENT = 5;

    private static final Set<String> COMMON = common();

    private PasswordRules() {}

    /// The password as it is hashed, however it was typed: spaces of all kinds are one, composed
    /// characters are one (OpaqueString of RFC 8265, section 4.2).
    static String prepared(String typed) {
        StringBuilder spaced = new StringBuilder(typed.length());
        typed.codePoints()
                .map(c -> Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c)
                .forEach(spaced::appendCodePoint);
        return Normalizer.normalize(spaced, Normalizer.Form.NFC);
    }

    /// @param prepared of [#prepared]
    /// @throws StateException when it is not accepted
    static void check(String prepared, String email, String name) throws StateException {
        int characters = prepared.codePointCount(0, prepared.length());
        if (characters < MIN_CHARACTERS || characters > MAX_CHARACTERS) {
            throw refused(
                    "the password has "
                            + characters
                            + " characters (expected: "
                            + MIN_CHARACTERS
                            + " to "
                            + MAX_CHARACTERS
                            + ")");
        }
        if (prepared.codePoints().anyMatch(Character::isISOControl)) {
            throw refused("the password has control characters");
        }
        String plain = prepared.toLowerCase(Locale.ROOT);
        if (COMMON.contains(plain)
                || plain.codePoints().distinct().count() < MIN_DIFFERENT
                || isSequence(plain)) {
            throw refused("the password is among the first that are guessed");
        }
        if (isLittleMoreThan(EmailAddress.localPart(email), plain)
                || isLittleMoreThan(email, plain)
                || isLittleMoreThan(name.toLowerCase(Locale.ROOT), plain)) {
            throw refused("the password is little more than the name or the e-mail address");
        }
    }

    private static boolean isLittleMoreThan(String known, String password) {
        return password.contains(known) && password.length() - known.length() < MIN_CHARACTERS / 2;
    }

    /// `abcdefghijkl`, `987654321098`: each character one beside its predecessor.
    private static boolean isSequence(String text) {
        for (int step : new int[] {1, -1}) {
            boolean all = true;
            for (int i = 1; i < text.length() && all; i++) {
                int gap = text.charAt(i) - text.charAt(i - 1);
                all = gap == step || gap == -9 * step;
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private static StateException refused(String message) {
        return new StateException(
                Code.INVALID, message, "choose another one: several words that belong to nobody");
    }

    private static Set<String> common() {
        try (InputStream in =
                Objects.requireNonNull(
                        PasswordRules.class.getResourceAsStream("common-passwords.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
