package dev.culvert.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which groups are in which. Confined to one thread.
final class GroupNesting {
    static final int MAX_DEPTH = 16;

    private static final int UNDER_WAY = 0;

    private final Map<String, Group> groups;
    private final Map<String, Integer> depths = new HashMap<>();

    GroupNesting(Map<String, Group> groups) {
        this.groups = groups;
    }

    /// Whether all groups that these conditions lead to exist, in at most [#MAX_DEPTH] levels.
    boolean isSound(Conditions conditions) {
        return named(conditions).allMatch(name -> depth(name) <= MAX_DEPTH);
    }

    /// Levels of groups, from 1 for a group without others; more than [#MAX_DEPTH] when there is no such
    /// group or it leads to a ring.
    int depth(String name) {
        Integer known = depths.get(name);
        Group group = groups.get(name);
        if (group == null || (known != null && known == UNDER_WAY)) {
            return MAX_DEPTH + 1;
        }
        if (known != null) {
            return known;
        }
        depths.put(name, UNDER_WAY);
        int deepest = 0;
        for (String inner : named(group.conditions()).toList()) {
            deepest = Math.max(deepest, depth(inner));
        }
        int depth = Math.min(deepest, MAX_DEPTH) + 1;
        depths.put(name, depth);
        return depth;
    }

    /// The shortest way from a group to itself, empty when it is in no ring: `a`, `b`, `a`.
    List<String> ring(String name) {
        Map<String, String> reachedFrom = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String outer = open.remove();
            Group group = groups.get(outer);
            if (group == null) {
                continue;
            }
            for (String inner : named(group.conditions()).toList()) {
                if (reachedFrom.putIfAbsent(inner, outer) == null) {
                    open.add(inner);
                }
            }
        }
        List<String> ring = new ArrayList<>();
        for (String at = reachedFrom.get(name); at != null; at = reachedFrom.get(at)) {
            ring.addFirst(at);
            if (at.equals(name)) {
                ring.add(name);
                return ring;
            }
        }
        return List.of();
    }

    /// The groups that conditions name themselves.
    static Stream<String> named(Conditions conditions) {
        return conditions
                .all()
                .mapMulti((selector, each) -> {
                    if (selector instanceof Selector.InGroup(String name)) {
                        each.accept(name);
                    }
                });
    }
}
