package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads `include`, `require` and `exclude` of a group or policy, and remembers where each selector stands.
/// Confined to one thread.
final class ConditionsReader {
    /// In one document. More would be read from a few lines with aliases.
    static final int MAX_SELECTORS = 20_000;

    private final SelectorReader selectors;
    private final Map<Selector, ConfigMap> places = new IdentityHashMap<>();
    private int count;

    /// @param groups names of all groups there are
    ConditionsReader(Set<String> groups) {
        this.selectors = new SelectorReader(groups);
    }

    Conditions read(ConfigMap map) {
        ConfigValue include = map.value("include");
        if (include == null || (include.isList() && include.elements().isEmpty())) {
            map.problem(
                    "include",
                    "nobody (expected: one or more selectors, such as email_domain: example.com)");
        }
        return new Conditions(list(map, "include"), list(map, "require"), list(map, "exclude"));
    }

    /// Reports a problem at a selector that was read.
    void problem(Selector at, String problem) {
        ConfigMap place = places.get(at);
        if (place != null) {
            place.problem("", problem);
        }
    }

    private List<Selector> list(ConfigMap map, String key) {
        List<Selector> read = new ArrayList<>();
        for (ConfigMap element : map.maps(key)) {
            if (count == MAX_SELECTORS) {
                element.problem(
                        "", "one too many (expected: at most " + MAX_SELECTORS + " selectors)");
            }
            if (count++ >= MAX_SELECTORS) {
                break;
            }
            Selector selector = selectors.read(element);
            if (selector != null) {
                read.add(selector);
                places.put(selector, element);
            }
        }
        return read;
    }
}
