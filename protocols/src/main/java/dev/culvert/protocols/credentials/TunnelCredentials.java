package dev.culvert.protocols.credentials;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A tunnel, its secret, and the account it belongs to; the content of a credentials file:
///
/// ```json
/// {"AccountTag":"...","TunnelSecret":"<base64>","TunnelID":"<uuid>","Endpoint":"<optional>"}
/// ```
///
/// Immutable by agreement: the secret is not copied on access.
///
/// @param secret 1 to 256 bytes; 32 in all tunnels made by us
/// @param endpoint name of a region of edges, only of use to cloudflared
@SuppressWarnings("ArrayRecordComponent") // copied nowhere, compared in equals
public record TunnelCredentials(
        String accountTag, byte[] secret, UUID tunnelId, @Nullable String endpoint) {
    /// Characters of a credentials file.
    public static final int MAX_FILE = 16 * 1024;

    static final int MAX_SECRET = 256;
    private static final int MAX_NAME = 256;
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    public TunnelCredentials {
        if (secret.length == 0 || secret.length > MAX_SECRET) {
            throw new IllegalArgumentException(
                    "secret: " + secret.length + " bytes (expected: 1 to " + MAX_SECRET + ")");
        }
    }

    /// Reads a credentials file that says which tunnel it is for.
    public static TunnelCredentials parse(String json) throws ProtocolException {
        return parse(json, null);
    }

    /// Reads a credentials file. Old ones have no tunnel id: it then has to be known from elsewhere.
    ///
    /// @param wanted the tunnel the user named, which the file must not contradict; or null
    public static TunnelCredentials parse(String json, @Nullable UUID wanted)
            throws ProtocolException {
        FlatObject fields = FlatObject.parse("credentials file", json, MAX_FILE);
        String account = name("AccountTag", fields.requiredText("AccountTag"));
        byte[] secret = secret("TunnelSecret", fields.requiredText("TunnelSecret"));
        return new TunnelCredentials(
                account, secret, tunnelId(fields, wanted), endpoint("Endpoint", fields));
    }

    private static UUID tunnelId(FlatObject fields, @Nullable UUID wanted)
            throws ProtocolException {
        String text = fields.text("TunnelID");
        if (text == null || text.isEmpty()) {
            if (wanted == null) {
                throw ProtocolException.of(
                        "credentials file field TunnelID",
                        "missing",
                        "a UUID, or name the tunnel by its UUID");
            }
            return wanted;
        }
        UUID id = uuid("TunnelID", text);
        if (wanted != null && !wanted.equals(id)) {
            throw ProtocolException.of(
                    "credentials file field TunnelID", id, wanted + ", the tunnel asked for");
        }
        return id;
    }

    /// The content of a credentials file.
    public String format() {
        return format("AccountTag", "TunnelSecret", "TunnelID", "Endpoint");
    }

    String format(String accountKey, String secretKey, String tunnelKey, String endpointKey) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(accountKey, accountTag);
        fields.put(secretKey, Base64.getEncoder().encodeToString(secret));
        fields.put(tunnelKey, tunnelId.toString());
        if (endpoint != null) {
            fields.put(endpointKey, endpoint);
        }
        return FlatObject.format(fields);
    }

    static byte[] secret(String field, String base64) throws ProtocolException {
        byte[] secret;
        try {
            secret =
                    base64.length() > 4 * MAX_SECRET
                            ? new byte[0]
                            : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw ProtocolException.of(field, "not base64", "base64 of the tunnel's secret");
        }
        if (secret.length == 0 || secret.length > MAX_SECRET) {
            throw ProtocolException.of(
                    field,
                    base64.length() + " characters",
                    "base64 of 1 to " + MAX_SECRET + " bytes");
        }
        return secret;
    }

    static UUID uuid(String field, String text) throws ProtocolException {
        if (!UUID_FORM.matcher(text).matches()) {
            throw ProtocolException.of(
                    field,
                    text.length() + " characters of another form",
                    "a UUID such as 1b4e28ba-…");
        }
        return UUID.fromString(text.toLowerCase(Locale.ROOT));
    }

    static String name(String field, String text) throws ProtocolException {
        if (text.length() > MAX_NAME) {
            throw ProtocolException.of(field, text.length() + " characters", "at most " + MAX_NAME);
        }
        return text;
    }

    static @Nullable String endpoint(String field, FlatObject fields) throws ProtocolException {
        String text = fields.text(field);
        return text == null || text.isEmpty() ? null : name(field, text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TunnelCredentials that
                && that.accountTag.equals(accountTag)
                && MessageDigest.isEqual(that.secret, secret)
                && that.tunnelId.equals(tunnelId)
                && Objects.equals(that.endpoint, endpoint);
    }

    @Override
    public int hashCode() {
        return 31 * tunnelId.hashCode() + accountTag.hashCode();
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "TunnelCredentials[tunnelId="
                + tunnelId
                + ", accountTag="
                + ProtocolException.quote(accountTag)
                + "]";
    }
}
