package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the document of `docs/access.md`, "Rules": the `access:` section of the edge's configuration, or a
/// text of its own (YAML, or JSON, which is YAML). All problems are reported, each at its place. What can
/// never be meant is a problem too, such as a bypass policy that looks at people: see [RulesCheck].
///
/// Confined to one thread.
public final class AccessRulesReader {
    /// Bounds the depth to which groups are followed before they are checked.
    static final int MAX_GROUPS = 1000;

    private final List<Group> groups = new ArrayList<>();
    private final List<Application> applications = new ArrayList<>();

    private AccessRulesReader() {}

    /// Reads the mapping to its end.
    ///
    /// @return to be used only when no problem was reported
    public static AccessRules read(ConfigMap map) {
        return new AccessRulesReader().document(map);
    }

    /// @param source shown in messages
    public static AccessRules parse(String source, String text) throws InvalidConfigException {
        ProblemList problems = new ProblemList();
        ConfigMap map = YamlFile.parse(source, text, problems);
        AccessRules read = map == null ? AccessRules.EMPTY : read(map);
        problems.throwIfAny();
        return read;
    }

    private AccessRules document(ConfigMap map) {
        Map<String, ConfigMap> named = groupNames(map.maps("groups"));
        ConditionsReader conditions = new ConditionsReader(named.keySet());
        named.forEach((name, group) -> {
            groups.add(new Group(name, conditions.read(group)));
            group.finish();
        });
        Map<String, Group> allGroups = new HashMap<>();
        groups.forEach(group -> allGroups.put(group.name(), group));
        RulesCheck check = new RulesCheck(allGroups, conditions);
        boolean sound = check.groups(named);
        ApplicationReader reader = new ApplicationReader(conditions, sound ? check : null);
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
