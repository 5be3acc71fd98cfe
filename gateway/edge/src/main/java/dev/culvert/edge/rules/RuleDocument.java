package dev.culvert.edge.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.edge.state.Hostname;
import dev.culvert.edge.state.StateException;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks rules as a connector does, and writes them as connectors take them. Whether a plugin answers
/// for a scheme only the connector knows. Confined to one thread.
///
/// Source: cloudflared, `ingress/ingress.go` (`validateIngress`).
final class RuleDocument {
    static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_RULES = 1000;
    private static final int MAX_EXPRESSION = 1000;

    private final ConfigMap root;
    private final ObjectNode out = JSON.createObjectNode();

    RuleDocument(ConfigMap root) {
        this.root = root;
    }

    /// What is wrong goes to the problems of the document.
    ObjectNode read() {
        ArrayNode rules = out.putArray("ingress");
        if (!root.has("ingress")) {
            root.problem("ingress", "missing (expected: at least \"- service: http_status:404\")");
        } else {
            ingress(root.maps("ingress"), rules);
        }
        ConfigMap defaults = root.map("originRequest");
        if (defaults != null) {
            out.set("originRequest", OriginRequestKeys.read(defaults));
        }
        ConfigMap privateNetworks = root.map("warp-routing");
        if (privateNetworks != null) {
            out.set("warp-routing", warpRouting(privateNetworks));
        }
        root.finish();
        return out;
    }

    private void ingress(List<ConfigMap> maps, ArrayNode rules) {
        if (maps.isEmpty()) {
            root.problem(
                    "ingress", "has no rules (expected: at least \"- service: http_status:404\")");
        } else if (maps.size() > MAX_RULES) {
            root.problem("ingress", maps.size() + " rules (expected: at most " + MAX_RULES + ")");
            return;
        }
        for (int i = 0; i < maps.size(); i++) {
            rules.add(rule(maps.get(i), i + 1, i == maps.size() - 1));
        }
    }

    private static ObjectNode rule(ConfigMap map, int number, boolean last) {
        ObjectNode rule = JSON.createObjectNode();
        String hostname = text(map, "hostname", rule);
        String path = text(map, "path", rule);
        String service = text(map, "service", rule);
        ConfigMap originRequest = map.map("originRequest");
        if (originRequest != null) {
            rule.set("originRequest", OriginRequestKeys.read(originRequest));
        }
        map.finish();
        boolean everyHost = hostname.isEmpty() || hostname.equals("*");
        boolean everyPath = path.isEmpty();
        if (!everyHost) {
            checkHost(map, hostname);
        }
        if (!everyPath) {
            checkExpression(map, path, number);
        }
        if (last && !(everyHost && everyPath)) {
            map.problem(
                    "",
                    "the last rule must match everything (expected: one more rule without hostname"
                            + " and path, such as \"- service: http_status:404\")");
        } else if (!last && everyHost && everyPath) {
            map.problem(
                    "",
                    "Rule #"
                            + number
                            + " matches everything, so the rules after it are never used (expected:"
                            + " such a rule at the end only)");
        }
        if (!service.isEmpty()) {
            String problem = ServiceText.problem(service);
            if (problem != null) {
                map.problem("service", problem);
            }
        } else if (rule.has("service") || !map.has("service")) {
            map.problem("", "has no service (expected: one such as http://localhost:8080)");
        }
        return rule;
    }

    /// Empty when it is absent or no text.
    private static String text(ConfigMap map, String key, ObjectNode into) {
        String text = map.text(key);
        if (text == null) {
            return "";
        }
        into.put(key, text);
        return text;
    }

    private static void checkHost(ConfigMap map, String hostname) {
        try {
            Hostname.parse(hostname);
        } catch (StateException e) {
            map.problem("hostname", String.valueOf(e.getMessage()).replaceFirst("^hostname: ", ""));
        }
    }

    private static void checkExpression(ConfigMap map, String path, int number) {
        if (path.length() > MAX_EXPRESSION) {
            map.problem(
                    "path",
                    path.length() + " characters (expected: at most " + MAX_EXPRESSION + ")");
            return;
        }
        try {
            Pattern.compile(path);
        } catch (PatternSyntaxException e) {
            map.problem(
                    "path",
                    "Rule #"
                            + number
                            + ": "
                            + Shown.value(path)
                            + " is not an RE2 expression: "
                            + e.getDescription());
        }
    }

    private static ObjectNode warpRouting(ConfigMap map) {
        ObjectNode node = JSON.createObjectNode();
        OriginRequestKeys.seconds(
                map, "connectTimeout", node, Duration.ofMillis(1), Duration.ofHours(1));
        OriginRequestKeys.seconds(map, "tcpKeepAlive", node, Duration.ZERO, Duration.ofHours(2));
        if (map.has("maxActiveFlows")) {
            node.put("maxActiveFlows", map.integer("maxActiveFlows", 0, 0, Integer.MAX_VALUE));
        }
        map.accept("enabled"); // of old files, without a meaning today
        map.finish();
        return node;
    }
}
