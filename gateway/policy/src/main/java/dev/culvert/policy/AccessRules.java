package dev.culvert.policy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// All groups and applications: one document, checked. Immutable.
public record AccessRules(List<Group> groups, List<Application> applications) {
    public static final AccessRules EMPTY = new AccessRules(List.of(), List.of());

    public AccessRules {
        groups = List.copyOf(groups);
        applications = List.copyOf(applications);
    }

    public boolean usesCountries() {
        return applications.stream()
                .flatMap(this::selectorsOf)
                .anyMatch(Selector.Country.class::isInstance);
    }

    public boolean usesCertificates() {
        return applications.stream().anyMatch(this::usesCertificates);
    }

    boolean usesCertificates(Application application) {
        return selectorsOf(application)
                .anyMatch(selector ->
                        selector instanceof Selector.AnyCertificate
                                || selector instanceof Selector.CommonName);
    }

    /// All selectors that an application's policies lead to, those in groups too.
    public Stream<Selector> selectorsOf(Application application) {
        Map<String, Group> byName = new HashMap<>();
        groups.forEach(group -> byName.put(group.name(), group));
        Set<Selector> found = new LinkedHashSet<>();
        Deque<Conditions> open = new ArrayDeque<>();
        application.policies().forEach(policy -> open.add(policy.conditions()));
        while (!open.isEmpty()) {
            open.remove()
                    .all()
                    .forEach(selector -> {
                        if (found.add(selector)
                                && selector instanceof Selector.InGroup(String name)) {
                            Group group = byName.get(name);
                            if (group != null) {
                                open.add(group.conditions());
                            }
                        }
                    });
        }
        return found.stream();
    }
}
