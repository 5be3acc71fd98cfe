package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.edge.signin.Secret;
import dev.culvert.edge.state.PrivateFiles;
import dev.culvert.edge.state.StateException;
import dev.culvert.transport.tls.TlsContexts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kinds of values that `identity` holds. What does not fit is reported and read as absent, as in
/// [ConfigMap]. Stateless; blocking, for files are read.
final class IdentityValues {
    private static final int MAX_SECRET_BYTES = 4096;
    private static final int MAX_TITLE = 64;

    private IdentityValues() {}

    /// A text that must be there.
    static @Nullable String required(ConfigMap map, String key, String expected) {
        if (!map.has(key)) {
            map.problem(key, "missing (expected: " + expected + ")");
            return null;
        }
        String text = map.text(key);
        if (text != null && text.isBlank()) {
            map.problem(key, "empty (expected: " + expected + ")");
            return null;
        }
        return text;
    }

    /// A text for people.
    static String title(ConfigMap map, String key, String absent) {
        String text = map.text(key);
        if (text == null) {
            return absent;
        }
        if (text.isBlank()
                || text.length() > MAX_TITLE
                || text.chars().anyMatch(Character::isISOControl)) {
            map.problem(key, Shown.value(text) + " (expected: 1 to " + MAX_TITLE + " characters)");
        }
        return text;
    }

    /// The content of `NAME_file`. `NAME` itself, the secret in the configuration, is refused.
    static @Nullable Secret secret(ConfigMap map, String name) {
        String key = name + "_file";
        map.refuse(
                name,
                "a secret does not belong in a configuration, which is shown, copied and kept in"
                        + " repositories; put it into a file of mode 0600 and name that as "
                        + key);
        Path file = path(map, key);
        if (file == null) {
            return null;
        }
        try {
            String content =
                    new String(PrivateFiles.read(file, MAX_SECRET_BYTES), StandardCharsets.UTF_8)
                            .strip();
            if (!content.isEmpty() && content.chars().noneMatch(Character::isISOControl)) {
                return new Secret(content);
            }
            map.problem(key, file + " holds no secret (expected: one line of text)");
        } catch (NoSuchFileException e) {
            map.problem(key, file + ": no such file");
        } catch (StateException e) {
            map.problem(key, e.getMessage() + "; " + e.next());
        }
        return null;
    }

    /// The certificates of `ca_file`, none when it is absent.
    static List<X509Certificate> roots(ConfigMap map) {
        Path file = path(map, "ca_file");
        if (file == null) {
            return List.of();
        }
        try {
            return TlsContexts.roots(file);
        } catch (IOException e) {
            map.problem("ca_file", String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    /// An `https` address without user, query and fragment, or null when absent or not one.
    static @Nullable URI https(ConfigMap map, String key) {
        String text = map.text(key);
        if (text == null) {
            return null;
        }
        try {
            URI uri = URI.create(text);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Reported below, like any other text that is no such address.
        }
        map.problem(
                key,
                Shown.value(text) + " (expected: https://HOST/PATH without a query and fragment)");
        return null;
    }

    /// As [#https] for one that must be there.
    static @Nullable URI requiredHttps(ConfigMap map, String key) {
        if (!map.has(key)) {
            map.problem(key, "missing (expected: an https address)");
            return null;
        }
        return https(map, key);
    }

    private static @Nullable Path path(ConfigMap map, String key) {
        String text = map.text(key);
        if (text == null) {
            return null;
        }
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            map.problem(key, Shown.value(text) + " (expected: a path)");
            return null;
        }
        return Path.of(text);
    }
}
