package dev.culvert.connector.destination;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import dev.culvert.config.Shown;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the key `ipRules`: a list of `prefix`, `ports` and `allow`. Pure.
public final class IpRulesReader {
    private IpRulesReader() {}

    /// @return the rules understood; null when there is no such key
    public static @Nullable List<IpRule> read(ConfigMap originRequest) {
        if (!originRequest.has("ipRules")) {
            return null;
        }
        List<ConfigMap> maps = originRequest.maps("ipRules");
        if (maps.size() > DestinationRules.MAX_RULES) {
            originRequest.problem(
                    "ipRules",
                    maps.size() + " rules (expected: at most " + DestinationRules.MAX_RULES + ")");
            return List.of();
        }
        List<IpRule> rules = new ArrayList<>();
        for (ConfigMap map : maps) {
            IpRule rule = rule(map);
            if (rule != null) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private static @Nullable IpRule rule(ConfigMap map) {
        String text = map.text("prefix");
        IpPrefix prefix = text == null ? null : IpPrefix.parse(text);
        if (text == null && !map.has("prefix")) {
            map.problem("", "has no prefix (expected: one such as 10.0.0.0/8)");
        } else if (text != null && prefix == null) {
            map.problem("prefix", Shown.value(text) + " (expected: one such as 10.0.0.0/8)");
        }
        Set<Integer> ports = new HashSet<>();
        ConfigValue list = map.value("ports");
        if (list != null) {
            for (ConfigValue element : list.elements()) {
                Integer port = element.integer(1, 65535);
                if (port != null) {
                    ports.add(port);
                }
            }
        }
        boolean allow = map.bool("allow", false);
        map.finish();
        return prefix == null ? null : new IpRule(prefix, ports, allow);
    }
}
