package dev.culvert.policy;

import java.util.List;

/// All groups and applications: one document, checked. Immutable.
public record AccessRules(List<Group> groups, List<Application> applications) {
    public static final AccessRules EMPTY = new AccessRules(List.of(), List.of());

    public AccessRules {
        groups = List.copyOf(groups);
        applications = List.copyOf(applications);
    }
}
