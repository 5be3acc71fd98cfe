package dev.culvert.connector;

import dev.culvert.config.GoDuration;
import dev.culvert.connector.config.ConnectorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configuration as an operator may see it, by cloudflared's keys: named one by one, so that a new key
/// with a secret in it is not shown by default. Stateless.
final class ShownSettings {
    private ShownSettings() {}

    static Map<String, String> of(ConnectorConfig config) {
        Map<String, String> shown = new LinkedHashMap<>();
        put(shown, "config", config.file());
        put(shown, "tunnel", config.credentials().tunnelId());
        put(shown, "edge", config.search());
        put(shown, "edge-ip-version", config.search().ipVersion());
        put(
                shown,
                "edge-bind-address",
                config.search().bind() == null ? null : config.search().bind().getHostAddress());
        // Without its credentials.
        put(shown, "proxy", config.search().proxy());
        put(shown, "cacert", config.edge().caCert());
        put(shown, "ha-connections", config.edge().haConnections());
        put(shown, "retries", config.edge().retries());
        put(shown, "rpc-timeout", GoDuration.format(config.edge().rpcTimeout()));
        put(shown, "grace-period", GoDuration.format(config.gracePeriod()));
        put(shown, "post-quantum", config.operation().postQuantum());
        put(shown, "loglevel", config.logLevel());
        put(shown, "transport-loglevel", config.operation().transportLogLevel());
        put(shown, "logfile", config.operation().logFile());
        put(shown, "log-directory", config.operation().logDirectory());
        put(shown, "pidfile", config.pidFile());
        put(shown, "label", config.label());
        put(shown, "rules", config.ingress().rules().size());
        put(shown, "uid", uid());
        return shown;
    }

    private static void put(Map<String, String> shown, String key, @Nullable Object value) {
        if (value != null) {
            shown.put(key, value.toString());
        }
    }

    /// The user this process runs as, where the system says so by number.
    private static @Nullable Object uid() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }
}
