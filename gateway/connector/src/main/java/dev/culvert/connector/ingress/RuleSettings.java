package dev.culvert.connector.ingress;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.connector.assertion.AccessReader;
import dev.culvert.connector.assertion.AccessSettings;
import dev.culvert.connector.destination.IpRule;
import dev.culvert.connector.destination.IpRulesReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of `originRequest` that no plugin sees: the connector applies them itself. Names as there.
/// Immutable.
///
/// @param bastionMode a service with an address is `bastion` instead
/// @param proxyType `socks` or empty
/// @param ipRules null when the key is absent
/// @param access null when the key is absent
public record RuleSettings(
        boolean bastionMode,
        String proxyType,
        @Nullable List<IpRule> ipRules,
        @Nullable AccessSettings access) {
    static final String SOCKS = "socks";
    public static final RuleSettings NONE = new RuleSettings(false, "", null, null);

    public RuleSettings {
        ipRules = ipRules == null ? null : List.copyOf(ipRules);
    }

    /// Whether clients of a service of bytes speak SOCKS5 first.
    public boolean speaksSocks() {
        return proxyType.equals(SOCKS);
    }

    /// Reads the keys; a key of `map` replaces the inherited one.
    ///
    /// @param map null when there is no `originRequest`
    static RuleSettings read(@Nullable ConfigMap map, RuleSettings inherited) {
        if (map == null) {
            return inherited;
        }
        List<IpRule> rules = IpRulesReader.read(map);
        return new RuleSettings(
                map.bool("bastionMode", inherited.bastionMode),
                proxyType(map, inherited.proxyType),
                rules == null ? inherited.ipRules : rules,
                AccessReader.read(map, inherited.access, CaFile::problem));
    }

    private static String proxyType(ConfigMap map, String inherited) {
        String text = map.text("proxyType");
        if (text == null) {
            return inherited;
        }
        if (!text.isEmpty() && !text.equals(SOCKS)) {
            map.problem("proxyType", Shown.value(text) + " (expected: socks, or nothing)");
        }
        return text;
    }

    RuleSettings withProxyType(String type) {
        return new RuleSettings(bastionMode, type, ipRules, access);
    }
}
