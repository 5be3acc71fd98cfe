package dev.culvert.policy;

import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.SshSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Access rules, ready to be asked: which application a request is in, and what its policies say.
///
/// Neither question blocks, and no request makes one fail. [#find] costs a map look-up for a host without
/// applications (with wildcards in the rules one for each label), and allocates only for paths that can be
/// read in several ways.
///
/// # Order of policies
///
/// 1. Service auth and bypass, in their order. They see what a caller shows unasked: service token, client
///    certificate, address, country, time. Conditions on people never hold in them. Service auth needs a
///    service token or a client certificate, whatever its conditions.
/// 2. Allow and block, in their order, for whom has signed in by a way that the application accepts.
///    The first that holds decides.
/// 3. While nobody has signed in, policies of the second kind are weighed by what is known: a block that
///    holds for anyone from there decides; the first allow that holds for some person asks to sign in.
/// 4. Otherwise: denied. So is a machine with a service token that nothing lets in; it is never asked to
///    sign in.
///
/// Immutable.
public final class PolicyEngine {
    /// Stands for the application of a path that can be read in two ways which lead to different
    /// applications, or out of all. It has no policies, so nobody comes in. Compared by identity.
    public static final Application UNCLEAR =
            new Application(
                    "unclear path",
                    "0".repeat(64),
                    List.of(),
                    Application.Kind.WEB,
                    Duration.ZERO,
                    List.of(),
                    List.of(),
                    false,
                    null,
                    false,
                    false,
                    SshSettings.DEFAULT,
                    DesktopSettings.DEFAULT);

    public static final PolicyEngine EMPTY = new PolicyEngine(AccessRules.EMPTY);

    private final AccessRules rules;
    private final Places places;
    private final Map<String, Group> groups = new HashMap<>();
    private final Map<String, Application> applications = new HashMap<>();
    private final Set<Application> ofCertificates =
            Collections.newSetFromMap(new IdentityHashMap<>());

    /// @throws IllegalArgumentException when the rules were not checked: groups that are missing or a ring
    public PolicyEngine(AccessRules rules) {
        this.rules = rules;
        this.places = new Places(rules.applications());
        rules.groups().forEach(group -> groups.put(group.name(), group));
        rules.applications().forEach(app -> applications.put(app.name(), app));
        checkGroups();
        for (Application application : rules.applications()) {
            if (rules.usesCertificates(application)) {
                ofCertificates.add(application);
            }
        }
    }

    public AccessRules rules() {
        return rules;
    }

    /// The application that a request is in: the one with the most specific place. See [PathReadings] for
    /// what is compared.
    ///
    /// @param host without port; in whichever case, with or without the final dot
    /// @param path of the request as received, with or without the query
    /// @return null when it is in none, [#UNCLEAR] when that depends on how the origin reads it
    public @Nullable Application find(String host, String path) {
        HostPlaces found = places.of(host);
        return found == null ? null : found.find(path);
    }

    /// Whether an application has a place on this host, for some path.
    ///
    /// @param host as for [#find]
    public boolean protects(String host) {
        return places.of(host) != null;
    }

    /// Whether an application with a place on this host looks at client certificates, for some path.
    ///
    /// @param host as for [#find]
    public boolean wantsCertificate(String host) {
        HostPlaces found = places.of(host);
        return found != null && found.applications().anyMatch(ofCertificates::contains);
    }

    /// The applications that have a place on this host, for some path.
    ///
    /// @param host as for [#find]
    public List<Application> applicationsOn(String host) {
        HostPlaces found = places.of(host);
        return found == null ? List.of() : found.applications().distinct().toList();
    }

    public @Nullable Application application(String name) {
        return applications.get(name);
    }

    /// What the policies say, in the order above.
    public Decision decide(Application application, Caller caller) {
        Evaluation evaluation = new Evaluation(groups, application, caller);
        for (Policy policy : application.policies()) {
            if (!Evaluation.asksPeople(policy) && evaluation.holds(policy) == Held.YES) {
                return policy.action() == Policy.Action.BYPASS
                        ? new Decision.Bypass(policy)
                        : new Decision.Allow(policy);
            }
        }
        for (Policy policy : application.policies()) {
            if (Evaluation.asksPeople(policy)) {
                Decision decision = ofPeople(policy, evaluation);
                if (decision != null) {
                    return decision;
                }
            }
        }
        return new Decision.Deny(null);
    }

    /// @return null when the next policy is to be asked
    private static @Nullable Decision ofPeople(Policy policy, Evaluation evaluation) {
        Held held = evaluation.holds(policy);
        if (policy.action() == Policy.Action.BLOCK) {
            return held == Held.YES ? new Decision.Deny(policy) : null;
        }
        if (held == Held.NO) {
            return null;
        }
        if (evaluation.identity() != null) {
            return new Decision.Allow(policy);
        }
        return evaluation.caller().serviceToken() == null ? new Decision.SignIn() : null;
    }

    /// What the policies say, and why.
    public Explanation explain(Application application, Caller caller) {
        return new Explaining(groups, application, caller, decide(application, caller))
                .explanation();
    }

    /// How long what a policy grants lasts.
    public static Duration session(Application application, Policy policy) {
        Duration own = policy.session();
        return own == null ? application.session() : own;
    }

    private void checkGroups() {
        GroupNesting nesting = new GroupNesting(groups);
        for (Group group : rules.groups()) {
            if (!nesting.isSound(group.conditions())) {
                throw new IllegalArgumentException("unchecked group " + group.name());
            }
        }
        for (Application application : rules.applications()) {
            for (Policy policy : application.policies()) {
                if (!nesting.isSound(policy.conditions())) {
                    throw new IllegalArgumentException("unchecked groups of " + policy.name());
                }
            }
        }
    }
}
