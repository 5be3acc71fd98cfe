package dev.culvert.connector.config;

import dev.culvert.config.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// cloudflared's keys that this connector does not read: accepted without an effect, or refused with
/// the reason. `docs/configuration.md` has the same lists.
final class OtherKeys {
    /// They tune something that does not exist here, and leaving them out changes nothing for anybody.
    static final List<String> WITHOUT_EFFECT =
            List.of(
                    "no-autoupdate",
                    "autoupdate-freq",
                    "is-autoupdated",
                    "metrics-update-freq",
                    "max-edge-addr-retries",
                    "dial-edge-timeout",
                    "heartbeat-interval",
                    "heartbeat-count",
                    "compression-quality",
                    "use-reconnect-token",
                    "lb-pool",
                    "id",
                    "api-key",
                    "api-email",
                    "api-ca-key",
                    "api-url",
                    "management-hostname",
                    "management-diagnostics",
                    "proxy-connection-timeout",
                    "proxy-expect-continue-timeout",
                    "proxy-address",
                    "proxy-port");

    /// They would change what somebody relies on.
    static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("warp-routing", "not supported yet: private networks"),
                    Map.entry("pq", "use post-quantum"),
                    Map.entry("features", "not supported yet: feature flags"),
                    Map.entry("max-active-flows", "not supported yet: private networks"),
                    Map.entry("dns-resolver-addrs", "not supported yet: private networks"),
                    Map.entry("icmpv4-src", "not supported yet: private networks"),
                    Map.entry("icmpv6-src", "not supported yet: private networks"),
                    Map.entry("stdin-control", "not supported yet: control by standard input"),
                    Map.entry("name", "tunnels and routes are made at the edge"),
                    Map.entry(
                            "hostname", "tunnels and routes are made at the edge; see \"ingress\""),
                    Map.entry("config", "a configuration cannot name another one"),
                    Map.entry("forwarders", "not supported yet: forwarders; run the access client"),
                    Map.entry("logDirectory", "use log-directory"),
                    Map.entry("logLevel", "use loglevel"));

    private OtherKeys() {}

    static void check(ConfigMap file, Consumer<String> notes) {
        for (String key : WITHOUT_EFFECT) {
            if (file.has(key)) {
                notes.accept(file.source() + ": " + key + " has no effect in this connector");
            }
        }
        REFUSED.forEach(file::refuse);
    }
}
