package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.signin.IdentityConfig;
import dev.culvert.edge.state.Hostname;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.AccessRulesReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the keys of the edge's configuration that say who may come in. Stateless.
final class AccessReader {
    private static final List<String> OTHER_KEYS =
            List.of(
                    "access_issuer",
                    "identity",
                    "access",
                    "country_database",
                    "client_authorities",
                    "audit",
                    "recordings",
                    "ssh_listen",
                    "guacd");

    private AccessReader() {}

    /// Null without an `auth_host`; the other keys are errors then.
    static @Nullable AccessConfig read(ConfigMap file) {
        String authHost = authHost(file);
        URI issuer = IdentityValues.https(file, "access_issuer");
        IdentityConfig identity = IdentityReader.read(file);
        CallerConfig callers = callers(file);
        Duration auditKept = AuditReader.kept(file);
        RecordingsConfig recordings = RecordingsReader.read(file);
        InetSocketAddress sshListen = sshListen(file);
        GuacdSettings guacd = GuacdReader.read(file);
        ConfigMap access = file.map("access");
        AccessRules rules = access == null ? null : AccessRulesReader.read(access);
        if (access != null && rules != null) {
            AccessConfig.fit(authHost == null ? "" : authHost, identity, callers)
                    .problems(rules)
                    .forEach(problem -> access.problem("", problem));
        }
        if (!file.has("auth_host")) {
            for (String key : OTHER_KEYS) {
                if (file.has(key)) {
                    file.problem(key, "needs an auth_host (expected: the host people sign in at)");
                }
            }
        }
        return authHost == null
                ? null
                : new AccessConfig(
                        authHost,
                        withoutFinalSlash(issuer),
                        identity,
                        callers,
                        auditKept,
                        recordings,
                        sshListen,
                        guacd,
                        rules);
    }

    private static @Nullable InetSocketAddress sshListen(ConfigMap file) {
        String text = file.text("ssh_listen");
        return text == null
                ? null
                : ListenAddress.read(text, what -> file.problem("ssh_listen", what));
    }

    private static CallerConfig callers(ConfigMap file) {
        String database = file.text("country_database");
        List<Path> authorities = new ArrayList<>();
        for (String authority : file.texts("client_authorities")) {
            Path path = path(file, "client_authorities", authority);
            if (path != null) {
                authorities.add(path);
            }
        }
        return new CallerConfig(
                database == null ? null : path(file, "country_database", database), authorities);
    }

    private static @Nullable Path path(ConfigMap file, String key, String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            file.problem(key, Shown.value(text) + " (expected: a path)");
            return null;
        }
        return Path.of(text);
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
