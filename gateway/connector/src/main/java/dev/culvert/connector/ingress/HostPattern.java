package dev.culvert.connector.ingress;

import dev.culvert.config.Shown;
import java.util.Locale;

/// A rule's `hostname`: exact, `*.suffix` (any depth, not the suffix itself), or everything (empty or
/// `*`). Case never matters; a name with other letters than ASCII matches its own spelling and its
/// punycode form. Immutable.
///
/// @param text as written
/// @param ascii lower case, punycode; with its leading dot for a wildcard; empty matches all
/// @param unicode the same in Unicode; the same object as `ascii` where both are equal
public record HostPattern(String text, String ascii, String unicode, boolean wildcard) {
    static final HostPattern ALL = new HostPattern("", "", "", false);

    private static final int MAX_LENGTH = 253;

    /// @throws IllegalArgumentException with a message for the user
    static HostPattern parse(String text) {
        if (text.isEmpty() || text.equals("*")) {
            return new HostPattern(text, "", "", false);
        }
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        if (name.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    Shown.value(text)
                            + " (expected: a * only as the first label, such as *.example.com)");
        }
        if (name.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    Shown.value(text) + " (expected: a name without a port and without a scheme)");
        }
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        String unicode = Punycode.lowerCase(name);
        String ascii;
        try {
            ascii = Punycode.ascii(unicode).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            ascii = "";
        }
        if (!isName(ascii)) {
            throw new IllegalArgumentException(
                    Shown.value(text) + " (expected: a host name such as app.example.com)");
        }
        String dot = wildcard ? "." : "";
        boolean same = ascii.equals(unicode);
        return new HostPattern(text, dot + ascii, same ? dot + ascii : dot + unicode, wildcard);
    }

    private static boolean isName(String ascii) {
        return !ascii.isEmpty()
                && ascii.length() <= MAX_LENGTH
                && !ascii.startsWith(".")
                && !ascii.contains("..")
                && ascii.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= '0' && c <= '9')
                                        || "-_.".indexOf(c) >= 0);
    }

    boolean matchesAll() {
        return ascii.isEmpty();
    }

    /// @param host lower case, without port
    boolean matches(String host) {
        if (ascii.isEmpty()) {
            return true;
        }
        if (wildcard) {
            return endsWith(host, ascii) || (!same() && endsWith(host, unicode));
        }
        return host.equals(ascii) || (!same() && host.equals(unicode));
    }

    /// Whether everything `other` matches is matched here too.
    boolean covers(HostPattern other) {
        if (matchesAll()) {
            return true;
        }
        if (wildcard) {
            return other.ascii.endsWith(ascii)
                    && (other.wildcard || other.ascii.length() > ascii.length());
        }
        return !other.wildcard && ascii.equals(other.ascii);
    }

    private boolean same() {
        return ascii.equals(unicode);
    }

    private static boolean endsWith(String host, String suffix) {
        return host.length() > suffix.length() && host.endsWith(suffix);
    }

    @Override
    public String toString() {
        return text;
    }
}
