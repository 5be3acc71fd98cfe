package dev.culvert.connector.config;

import dev.culvert.config.InvalidConfigException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Where a configuration came from: options, environment and file, to read it again while the
/// connector runs. Immutable, and the options do not change after the start.
public final class ConfigSource {
    /// Keys that take effect while the connector runs: the rules, and the one service in their place.
    static final Set<String> LIVE =
            Set.of(
                    "ingress",
                    "originRequest",
                    "url",
                    "unix-socket",
                    "hello-world",
                    "bastion",
                    "socks5",
                    "http-host-header",
                    "origin-server-name",
                    "origin-ca-pool",
                    "no-tls-verify",
                    "match-sni-to-host",
                    "http2-origin",
                    "no-chunked-encoding",
                    "proxy-connect-timeout",
                    "proxy-tls-timeout",
                    "proxy-tcp-keepalive",
                    "proxy-keepalive-connections",
                    "proxy-keepalive-timeout",
                    "proxy-no-happy-eyeballs");

    private final ConnectorOptions options;
    private final Map<String, String> environment;
    private final Map<String, Integer> values;

    /// @param values a hash of each top-level value of the file
    ConfigSource(
            ConnectorOptions options,
            Map<String, String> environment,
            Map<String, Integer> values) {
        this.options = options;
        this.environment = environment;
        this.values = Map.copyOf(values);
    }

    /// Reads everything again and checks all of it. Plugins and credentials stay as they are. Blocking:
    /// reads files.
    ///
    /// @param running what is in force
    /// @return shares plugins with `running`: the caller owns its ingress only
    /// @throws InvalidConfigException with all that is wrong; then nothing is left open
    public ConnectorConfig readAgain(ConnectorConfig running) throws InvalidConfigException {
        return new ConnectorConfigReader(options, environment, running).read(running.plugins());
    }

    /// Keys of the file that differ between two readings and are used at the start only. Sorted.
    public List<String> changedAtStartOnly(ConfigSource later) {
        Set<String> keys = new TreeSet<>(values.keySet());
        keys.addAll(later.values.keySet());
        keys.removeIf(key -> Objects.equals(values.get(key), later.values.get(key)));
        keys.removeAll(LIVE);
        keys.removeAll(new HashSet<>(OtherKeys.WITHOUT_EFFECT));
        return new ArrayList<>(keys);
    }
}
