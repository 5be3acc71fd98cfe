package dev.culvert.edge.rules;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import dev.culvert.config.Shown;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The keys of `originRequest`: all that cloudflared has, since the connector may be one, and ours. Ranges are
/// our connector's. Pure.
///
/// Source: cloudflared, `config/configuration.go` (`OriginRequestConfig`).
final class OriginRequestKeys {
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final List<String> FLAGS =
            List.of(
                    "noHappyEyeballs",
                    "matchSNItoHost",
                    "noTLSVerify",
                    "disableChunkedEncoding",
                    "bastionMode",
                    "http2Origin");
    private static final List<String> TEXTS =
            List.of("httpHostHeader", "originServerName", "caPool", "proxyAddress");

    private OriginRequestKeys() {}

    static ObjectNode read(ConfigMap map) {
        ObjectNode node = RuleDocument.JSON.createObjectNode();
        seconds(map, "connectTimeout", node, MOMENT, Duration.ofHours(1));
        seconds(map, "tlsTimeout", node, MOMENT, Duration.ofHours(1));
        seconds(map, "tcpKeepAlive", node, Duration.ZERO, Duration.ofHours(2));
        seconds(map, "keepAliveTimeout", node, Duration.ZERO, Duration.ofHours(24));
        number(map, "keepAliveConnections", node, 65_536);
        number(map, "proxyPort", node, 65_535);
        for (String key : FLAGS) {
            if (map.has(key)) {
                node.put(key, map.bool(key, false));
            }
        }
        for (String key : TEXTS) {
            String text = map.text(key);
            if (text != null) {
                node.put(key, text);
            }
        }
        proxyType(map, node);
        rdpSecurity(map, node);
        ipRules(map, node);
        access(map, node);
        map.finish();
        return node;
    }

    /// Connectors take whole seconds only.
    static void seconds(ConfigMap map, String key, ObjectNode into, Duration min, Duration max) {
        ConfigValue value = map.value(key);
        Duration time = value == null ? null : value.duration(min, max);
        if (value == null || time == null) {
            return;
        }
        if (time.getNano() != 0) {
            value.problem(
                    "has a fraction of a second (expected: whole seconds, which is all that can be"
                            + " sent to connectors)");
            return;
        }
        into.put(key, time.toSeconds());
    }

    private static void number(ConfigMap map, String key, ObjectNode into, int max) {
        if (map.has(key)) {
            into.put(key, map.integer(key, 0, 0, max));
        }
    }

    private static void proxyType(ConfigMap map, ObjectNode into) {
        String type = map.text("proxyType");
        if (type == null) {
            return;
        }
        if (!type.isEmpty() && !type.equals("socks")) {
            map.problem("proxyType", Shown.value(type) + " (expected: socks)");
        }
        into.put("proxyType", type);
    }

    /// Only our connector knows it.
    private static void rdpSecurity(ConfigMap map, ObjectNode into) {
        if (!map.has("rdpSecurity")) {
            return;
        }
        ArrayNode list = into.putArray("rdpSecurity");
        for (String word : map.texts("rdpSecurity")) {
            if (!OriginRequest.RDP_SECURITY.contains(word)) {
                map.problem("rdpSecurity", Shown.value(word) + " (expected: tls, credssp)");
            }
            list.add(word);
        }
    }

    private static void ipRules(ConfigMap map, ObjectNode into) {
        if (!map.has("ipRules")) {
            return;
        }
        ArrayNode rules = into.putArray("ipRules");
        for (ConfigMap rule : map.maps("ipRules")) {
            ObjectNode node = rules.addObject();
            String prefix = rule.text("prefix");
            if (prefix == null || prefix.isEmpty()) {
                rule.problem("prefix", "missing (expected: a network such as 10.0.0.0/8)");
            } else {
                node.put("prefix", prefix);
            }
            ConfigValue ports = rule.value("ports");
            if (ports != null) {
                ArrayNode list = node.putArray("ports");
                for (ConfigValue port : ports.elements()) {
                    Integer number = port.integer(1, 65_535);
                    if (number != null) {
                        list.add(number);
                    }
                }
            }
            node.put("allow", rule.bool("allow", false));
            rule.finish();
        }
    }

    private static void access(ConfigMap map, ObjectNode into) {
        ConfigMap access = map.map("access");
        if (access == null) {
            return;
        }
        ObjectNode node = into.putObject("access");
        boolean required = access.bool("required", false);
        node.put("required", required);
        String team = access.has("teamName") ? String.valueOf(access.text("teamName")) : "";
        if (!team.isEmpty()) {
            node.put("teamName", team);
        }
        List<String> audiences = access.texts("audTag");
        ArrayNode list = node.putArray("audTag");
        audiences.forEach(list::add);
        // The last three only our connector knows.
        for (String key : List.of("environment", "issuer", "certsUrl", "caPool")) {
            String text = access.text(key);
            if (text != null) {
                node.put(key, text);
            }
        }
        if (required && !audiences.isEmpty() && !node.has("issuer") && team.isEmpty()) {
            access.problem("", "has audTag and no teamName (expected: teamName, or issuer)");
        }
        access.finish();
    }
}
