package dev.culvert.protocols.stream;

/// What a header field may be made of (RFC 9110, section 5), checked wherever one is taken out of another
/// encoding, so that none can smuggle a second field in. Stateless.
public final class FieldSyntax {
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

    private FieldSyntax() {}

    /// A token: names of fields, methods.
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean word =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!word && TOKEN_SYMBOLS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// A value that stays one: bytes as characters, without CR, LF and NUL.
    public static boolean isCarried(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == '\0' || c > 0xff) {
                return false;
            }
        }
        return true;
    }
}
