package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds rules that are well formed and cannot be meant:
///
/// * groups in a ring, or nested too deep;
/// * bypass and service auth policies that look at people: they are asked before anyone signs in;
/// * allow policies that include nothing but service tokens: an allow policy lets in people only;
/// * conditions that never hold, such as two e-mail addresses that are both required.
///
/// Confined to one thread.
final class RulesCheck {
    private final Map<String, Group> groups;
    private final ConditionsReader conditions;
    private final Map<String, Boolean> ofPeople = new HashMap<>();

    RulesCheck(Map<String, Group> groups, ConditionsReader conditions) {
        this.groups = groups;
        this.conditions = conditions;
    }

    /// @param named the groups to check; those that they name are in the others
    /// @return whether groups can be followed
    boolean groups(Map<String, ConfigMap> named) {
        GroupNesting nesting = new GroupNesting(groups);
        boolean sound = checkRings(nesting, named);
        for (Map.Entry<String, ConfigMap> entry : named.entrySet()) {
            if (sound && nesting.depth(entry.getKey()) > GroupNesting.MAX_DEPTH) {
                entry.getValue()
                        .problem(
                                "",
                                "groups within groups (expected: at most "
                                        + GroupNesting.MAX_DEPTH
                                        + " levels)");
                sound = false;
            }
            Group group = groups.get(entry.getKey());
            if (group != null) {
                possible(group.conditions());
            }
        }
        return sound;
    }

    private static boolean checkRings(GroupNesting nesting, Map<String, ConfigMap> named) {
        Set<String> told = new HashSet<>();
        named.forEach((name, map) -> {
            List<String> ring = told.contains(name) ? List.of() : nesting.ring(name);
            if (!ring.isEmpty()) {
                told.addAll(ring);
                map.problem("", "the group is in itself: " + String.join(" → ", ring));
            }
        });
        return told.isEmpty();
    }

    /// To be asked only when the groups are sound.
    void policy(Policy policy) {
        Conditions all = policy.conditions();
        switch (policy.action()) {
            case BYPASS, SERVICE_AUTH -> {
                withoutPeople(policy.action(), all.include());
                withoutPeople(policy.action(), all.require());
                withoutPeople(policy.action(), all.exclude());
            }
            case ALLOW -> forPeople(all.include());
            case BLOCK -> {}
        }
        possible(all);
    }

    private void withoutPeople(Policy.Action action, List<Selector> selectors) {
        String asked =
                action == Policy.Action.BYPASS
                        ? "a bypass policy is asked before anyone signs in"
                        : "a service_auth policy is asked before anyone signs in";
        for (Selector selector : selectors) {
            if (isOfPeople(selector)) {
                conditions.problem(
                        selector,
                        "looks at people, and "
                                + asked
                                + " (expected: ip, country, service_token, certificate,"
                                + " common_name, time, everyone, or groups of these)");
            }
        }
    }

    private void forPeople(List<Selector> include) {
        boolean machines =
                include.stream()
                        .allMatch(selector ->
                                selector instanceof Selector.ServiceToken
                                        || selector instanceof Selector.AnyServiceToken);
        if (machines && !include.isEmpty()) {
            conditions.problem(
                    include.getFirst(),
                    "an allow policy lets in people only (expected: decision: service_auth; for"
                            + " people with a service token, require it)");
        }
    }

    private void possible(Conditions all) {
        for (Selector excluded : all.exclude()) {
            if (excluded instanceof Selector.Everyone) {
                conditions.problem(excluded, "excludes everyone, so that nothing is left");
            } else if (all.require().contains(excluded)) {
                conditions.problem(excluded, "is required too, so that nothing is left");
            } else if (all.include().size() == 1 && all.include().contains(excluded)) {
                conditions.problem(excluded, "is all that is included, so that nothing is left");
            }
        }
        for (int i = 1; i < all.require().size(); i++) {
            Selector one = all.require().get(i);
            if (all.require().subList(0, i).stream().anyMatch(other -> contradict(one, other))) {
                conditions.problem(
                        one,
                        "contradicts another one that is required too: require is \"and\""
                                + " (expected: a group that includes both)");
            }
        }
    }

    private static boolean contradict(Selector one, Selector other) {
        return switch (one) {
            case Selector.IpRange range ->
                    other instanceof Selector.IpRange second
                            && !Network.contains(range, second.network())
                            && !Network.contains(second, range.network());
            case Selector.Email _,
                    Selector.EmailDomain _,
                    Selector.Country _,
                    Selector.ServiceToken _,
                    Selector.CommonName _,
                    Selector.LoginMethod _ ->
                    other.getClass() == one.getClass() && !other.equals(one);
            default -> false;
        };
    }

    private boolean isOfPeople(Selector selector) {
        return switch (selector) {
            case Selector.Email _,
                    Selector.EmailDomain _,
                    Selector.LoginMethod _,
                    Selector.AuthMethod _,
                    Selector.ProviderGroup _,
                    Selector.Claim _ ->
                    true;
            case Selector.InGroup(String name) -> isOfPeople(name);
            case Selector.Everyone _,
                    Selector.IpRange _,
                    Selector.Country _,
                    Selector.ServiceToken _,
                    Selector.AnyServiceToken _,
                    Selector.AnyCertificate _,
                    Selector.CommonName _,
                    Selector.TimeWindow _ ->
                    false;
        };
    }

    private boolean isOfPeople(String name) {
        Boolean known = ofPeople.get(name);
        if (known == null) {
            Group group = groups.get(name);
            known = group != null && group.conditions().all().anyMatch(this::isOfPeople);
            ofPeople.put(name, known);
        }
        return known;
    }
}
