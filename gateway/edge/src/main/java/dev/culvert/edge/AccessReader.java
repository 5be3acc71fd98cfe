package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.edge.signin.IdentityConfig;
import dev.culvert.edge.state.Hostname;
import dev.culvert.edge.state.StateException;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.AccessRulesReader;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Reads the keys of the edge's configuration that say who may come in. Stateless.
final class AccessReader {
    private AccessReader() {}

    /// Null without an `auth_host`; the other keys are errors then.
    static @Nullable AccessConfig read(ConfigMap file) {
        String authHost = authHost(file);
        URI issuer = IdentityValues.https(file, "access_issuer");
        IdentityConfig identity = IdentityReader.read(file);
        ConfigMap access = file.map("access");
        AccessRules rules = access == null ? null : AccessRulesReader.read(access);
        if (!file.has("auth_host")) {
            for (String key : new String[] {"access_issuer", "identity", "access"}) {
                if (file.has(key)) {
                    file.problem(key, "needs an auth_host (expected: the host people sign in at)");
                }
            }
        }
        return authHost == null
                ? null
                : new AccessConfig(authHost, withoutFinalSlash(issuer), identity, rules);
    }

    private static @Nullable URI withoutFinalSlash(@Nullable URI uri) {
        String text = uri == null ? "" : uri.toString();
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
    }

    private static @Nullable String authHost(ConfigMap file) {
        String written = file.text("auth_host");
        if (written == null) {
            return null;
        }
        try {
            Hostname host = Hostname.parse(written);
            if (!host.isWildcard()) {
                return host.text();
            }
            file.problem("auth_host", "\"" + host + "\" (expected: one host, not a wildcard)");
        } catch (StateException e) {
            file.problem("auth_host", e.getMessage() + "; " + e.next());
        }
        return null;
    }
}
