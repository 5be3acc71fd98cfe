package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.plugin.edge.SshRights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the policies of an application. Confined to one thread.
final class PolicyReader {
    static final Duration SHORTEST_SESSION = Duration.ofMinutes(1);
    static final Duration LONGEST_SESSION = Duration.ofDays(31);

    private static final Map<String, Policy.Action> ACTIONS =
            Map.of(
                    "allow", Policy.Action.ALLOW,
                    "block", Policy.Action.BLOCK,
                    "bypass", Policy.Action.BYPASS,
                    "service_auth", Policy.Action.SERVICE_AUTH);

    private final ConditionsReader conditions;
    private final @Nullable RulesCheck check;

    PolicyReader(ConditionsReader conditions, @Nullable RulesCheck check) {
        this.conditions = conditions;
        this.check = check;
    }

    List<Policy> readAll(ConfigMap application, Application.Kind kind) {
        if (!application.keys().contains("policies")) {
            application.problem(
                    "policies", "missing (expected: a list; an empty one lets nobody in)");
        }
        UniqueNames names = new UniqueNames("policy");
        List<Policy> policies = new ArrayList<>();
        for (ConfigMap map : application.maps("policies")) {
            String name = names.read(map);
            Policy policy = read(map, name == null ? "" : name, kind);
            if (policy != null) {
                policies.add(policy);
            }
        }
        return policies;
    }

    private @Nullable Policy read(ConfigMap map, String name, Application.Kind kind) {
        Policy.Action action = action(map);
        Duration session =
                map.has("session_duration")
                        ? session(map, ApplicationReader.DEFAULT_SESSION)
                        : null;
        Conditions read = conditions.read(map);
        SshRights ssh = SshReader.rights(map, kind, action);
        map.finish();
        if (action == null) {
            return null;
        }
        Policy policy = new Policy(name, action, read, session, ssh);
        if (check != null) {
            check.policy(policy);
        }
        return policy;
    }

    private static Policy.@Nullable Action action(ConfigMap map) {
        if (!map.has("decision")) {
            map.problem("decision", "missing (expected: allow, block, bypass, service_auth)");
            return null;
        }
        return map.choice("decision", Policy.Action.BLOCK, ACTIONS);
    }

    static Duration session(ConfigMap map, Duration absent) {
        return map.duration("session_duration", absent, SHORTEST_SESSION, LONGEST_SESSION);
    }
}
