package dev.culvert.policy;

import java.util.ArrayList;
import java.util.List;

/// All groups and applications: one document, checked. Immutable.
public record AccessRules(List<Group> groups, List<Application> applications) {
    public static final AccessRules EMPTY = new AccessRules(List.of(), List.of());

    public AccessRules {
        groups = List.copyOf(groups);
        applications = List.copyOf(applications);
    }

    /// These and others, which have none of the names of these ([AccessRulesReader]).
    public AccessRules and(AccessRules others) {
        List<Group> allGroups = new ArrayList<>(groups);
        allGroups.addAll(others.groups);
        List<Application> allApplications = new ArrayList<>(applications);
        allApplications.addAll(others.applications);
        return new AccessRules(allGroups, allApplications);
    }
}
