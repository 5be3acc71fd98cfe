package dev.culvert.protocols.credentials;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// [TunnelCredentials] as one word for a command line: base64, standard and padded, of
///
/// ```json
/// {"a":"<account tag>","s":"<base64 secret>","t":"<tunnel uuid>","e":"<endpoint, optional>"}
/// ```
///
/// The whole token is a secret: no message quotes any of it. Holds no state.
public final class TunnelToken {
    /// Characters of a token.
    public static final int MAX_LENGTH = 8 * 1024;

    private TunnelToken() {}

    /// @param token blanks and line ends around it are dropped, as from a file
    public static TunnelCredentials parse(String token) throws ProtocolException {
        String word = token.strip();
        if (word.isEmpty() || word.length() > MAX_LENGTH) {
            throw ProtocolException.of(
                    "token", word.length() + " characters", "1 to " + MAX_LENGTH);
        }
        FlatObject fields = FlatObject.parse("token", json(word), MAX_LENGTH);
        return new TunnelCredentials(
                TunnelCredentials.name("token field a", fields.requiredText("a")),
                TunnelCredentials.secret("token field s", fields.requiredText("s")),
                TunnelCredentials.uuid("token field t", fields.requiredText("t")),
                TunnelCredentials.endpoint("e", fields));
    }

    public static String format(TunnelCredentials credentials) {
        String json = credentials.format("a", "s", "t", "e");
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(String word) throws ProtocolException {
        try {
            return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw ProtocolException.of(
                    "token", "not base64", "the whole token as it was shown; is its end cut off?");
        }
    }
}
