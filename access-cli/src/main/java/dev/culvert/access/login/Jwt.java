package dev.culvert.access.login;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A token as its holder sees it: read, never verified. That is for those it is shown to.
///
/// Immutable.
///
/// @param text compact JWS, fit for a header field
record Jwt(String text, JsonNode claims) {
    private static final int MAX_LENGTH = 16 * 1024;
    private static final Pattern COMPACT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    /// The token, or null for anything else than a compact JWS with RS256.
    static @Nullable Jwt parse(String text) {
        if (text.length() > MAX_LENGTH || !COMPACT.matcher(text).matches()) {
            return null;
        }
        String[] parts = text.split("\\.");
        JsonNode header = json(parts[0]);
        JsonNode claims = json(parts[1]);
        if (header == null || claims == null || !claims.isObject()) {
            return null;
        }
        boolean signed = header.path("alg").asString("").equals("RS256");
        return signed ? new Jwt(text, claims) : null;
    }

    private static @Nullable JsonNode json(String base64) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(base64);
            return JsonMapper.shared().readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JacksonException e) {
            return null;
        }
    }

    /// The text of a claim, or an empty one.
    String claim(String name) {
        JsonNode value = claims.path(name);
        return value.isString() ? value.asString() : "";
    }

    /// A claim that is a time, or the epoch.
    Instant time(String name) {
        JsonNode value = claims.path(name);
        return value.isNumber() ? Instant.ofEpochSecond(value.asLong()) : Instant.EPOCH;
    }

    boolean isAlive() {
        return time("exp").isAfter(Instant.now());
    }

    boolean isFor(String audience) {
        JsonNode value = claims.path("aud");
        if (!value.isArray()) {
            return claim("aud").equals(audience);
        }
        for (JsonNode one : value) {
            if (one.isString() && one.asString().equals(audience)) {
                return true;
            }
        }
        return false;
    }

    /// Without the token.
    @Override
    public String toString() {
        return "Jwt[" + claim("iss") + "]";
    }
}
