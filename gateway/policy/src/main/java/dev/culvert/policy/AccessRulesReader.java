package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the document of `docs/access.md`, "Rules": the `access:` section of the edge's configuration, or a
/// text of its own (YAML, or JSON, which is YAML). All problems are reported, each at its place. What can
/// never be meant is a problem too, such as a bypass policy that looks at people: see [RulesCheck].
///
/// A document may stand on another one: it may name that one's groups, and may not repeat its names, places
/// and audiences.
///
/// Confined to one thread.
public final class AccessRulesReader {
    /// Bounds the depth to which groups are followed before they are checked.
    static final int MAX_GROUPS = 1000;

    private final AccessRules base;
    private final List<Group> groups = new ArrayList<>();
    private final List<Application> applications = new ArrayList<>();

    private AccessRulesReader(AccessRules base) {
        this.base = base;
    }

    /// Reads the mapping to its end.
    ///
    /// @return to be used only when no problem was reported
    public static AccessRules read(ConfigMap map) {
        return read(map, AccessRules.EMPTY);
    }

    /// As [#read(ConfigMap)], for a document that stands on another one.
    ///
    /// @return without the other one's
    public static AccessRules read(ConfigMap map, AccessRules base) {
        return new AccessRulesReader(base).document(map);
    }

    /// @param source shown in messages
    public static AccessRules parse(String source, String text) throws InvalidConfigException {
        return parse(source, text, AccessRules.EMPTY);
    }

    /// As [#parse(String, String)], for a document that stands on another one.
    ///
    /// @return without the other one's
    public static AccessRules parse(String source, String text, AccessRules base)
            throws InvalidConfigException {
        ProblemList problems = new ProblemList();
        ConfigMap map = YamlFile.parse(source, text, problems);
        AccessRules read = map == null ? AccessRules.EMPTY : read(map, base);
        problems.throwIfAny();
        return read;
    }

    private AccessRules document(ConfigMap map) {
        Map<String, ConfigMap> named = groupNames(map.maps("groups"));
        Set<String> known = new HashSet<>(named.keySet());
        base.groups().forEach(group -> known.add(group.name()));
        ConditionsReader conditions = new ConditionsReader(known);
        named.forEach((name, group) -> {
            groups.add(new Group(name, conditions.read(group)));
            group.finish();
        });
        Map<String, Group> allGroups = new HashMap<>();
        base.groups().forEach(group -> allGroups.put(group.name(), group));
        groups.forEach(group -> allGroups.put(group.name(), group));
        RulesCheck check = new RulesCheck(allGroups, conditions);
        boolean sound = check.groups(named);
        ApplicationReader reader =
                new ApplicationReader(conditions, sound ? check : null, base.applications());
        for (ConfigMap application : map.maps("applications")) {
            Application read = reader.read(application);
            if (read != null) {
                applications.add(read);
            }
        }
        map.finish();
        return new AccessRules(groups, applications);
    }

    private Map<String, ConfigMap> groupNames(List<ConfigMap> maps) {
        Map<String, ConfigMap> named = new LinkedHashMap<>();
        UniqueNames names = new UniqueNames("group");
        base.groups().forEach(group -> names.taken(group.name()));
        for (ConfigMap group : maps) {
            @Nullable String name = names.read(group);
            if (name == null) {
                group.accept("include", "require", "exclude");
                group.finish();
            } else if (named.size() < MAX_GROUPS) {
                named.put(name, group);
            } else {
                group.problem("", "one too many (expected: at most " + MAX_GROUPS + " groups)");
                break;
            }
        }
        return named;
    }
}
