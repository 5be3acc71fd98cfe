package dev.culvert.edge.admission;

import dev.culvert.config.NearestName;
import dev.culvert.config.Shown;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.Application;
import dev.culvert.policy.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What an edge has that its rules may look at. Where rules look at what it has not, a condition never
/// holds, and that lets somebody in when it stands in a block policy or an exclusion. Immutable.
///
/// @param authHost answered by the edge itself: who may sign in there is nobody's to decide
/// @param loginMethods their names
/// @param countries whether it knows them
/// @param certificates whether it has authorities of client certificates
public record RulesFit(
        String authHost, List<String> loginMethods, boolean countries, boolean certificates) {
    public RulesFit {
        loginMethods = List.copyOf(loginMethods);
    }

    /// One line each; empty when the rules fit.
    public List<String> problems(AccessRules rules) {
        List<String> problems = new ArrayList<>();
        if (!countries && rules.usesCountries()) {
            problems.add("looks at countries and needs a country_database");
        }
        if (!certificates && rules.usesCertificates()) {
            problems.add("looks at client certificates and needs client_authorities");
        }
        for (Application application : rules.applications()) {
            String name = "application " + Shown.value(application.name());
            if (application.places().stream().anyMatch(place -> place.host().equals(authHost))) {
                problems.add(name + " is on the auth_host (expected: hosts of services)");
            }
            loginMethodsOf(rules, application)
                    .filter(method -> !loginMethods.contains(method))
                    .distinct()
                    .forEach(method -> problems.add(name + unknown(method)));
        }
        return problems;
    }

    private static Stream<String> loginMethodsOf(AccessRules rules, Application application) {
        return Stream.concat(
                application.loginMethods().stream(),
                rules.selectorsOf(application)
                        .filter(Selector.LoginMethod.class::isInstance)
                        .map(selector -> ((Selector.LoginMethod) selector).name()));
    }

    private String unknown(String method) {
        String meant = NearestName.of(method, loginMethods);
        return " looks at the login method "
                + Shown.value(method)
                + " (expected: "
                + String.join(", ", loginMethods)
                + ")"
                + (meant == null ? "" : " (did you mean " + Shown.value(meant) + "?)");
    }
}
