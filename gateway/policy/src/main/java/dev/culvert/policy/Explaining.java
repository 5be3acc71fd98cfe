package dev.culvert.policy;

import dev.culvert.policy.Explanation.OfConditions;
import dev.culvert.policy.Explanation.OfPolicy;
import dev.culvert.policy.Explanation.OfSelector;
import dev.culvert.policy.Explanation.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes an [Explanation] of a decision. Confined to one thread.
final class Explaining {
    private final Map<String, Group> groups;
    private final Application application;
    private final Caller caller;
    private final Decision decision;
    private final Evaluation evaluation;
    private boolean decided;

    Explaining(
            Map<String, Group> groups, Application application, Caller caller, Decision decision) {
        this.groups = groups;
        this.application = application;
        this.caller = caller;
        this.decision = decision;
        this.evaluation = new Evaluation(groups, application, caller);
    }

    Explanation explanation() {
        List<OfPolicy> asked = new ArrayList<>();
        Stream.of(false, true)
                .flatMap(people ->
                        application.policies().stream()
                                .filter(policy -> Evaluation.asksPeople(policy) == people))
                .forEach(policy -> asked.add(asked(policy)));
        return new Explanation(application, decision, asked, note());
    }

    private OfPolicy asked(Policy policy) {
        Held held = evaluation.holds(policy);
        Part part = decided ? Part.UNASKED : decides(policy, held) ? Part.DECIDES : Part.PASSES;
        decided |= part == Part.DECIDES;
        boolean people = Evaluation.asksPeople(policy);
        return new OfPolicy(
                policy,
                held,
                part,
                unfolded(policy.conditions(), people, new HashSet<>()),
                why(policy, held));
    }

    private boolean decides(Policy policy, Held held) {
        return switch (decision) {
            case Decision.Allow(Policy deciding) -> deciding == policy;
            case Decision.Bypass(Policy deciding) -> deciding == policy;
            case Decision.Deny(@Nullable Policy deciding) -> deciding == policy;
            case Decision.SignIn() -> policy.action() == Policy.Action.ALLOW && held != Held.NO;
        };
    }

    private @Nullable String why(Policy policy, Held held) {
        if (policy.action() == Policy.Action.SERVICE_AUTH && !evaluation.isMachine()) {
            return "the caller shows neither a service token nor a certificate";
        }
        if (policy.action() == Policy.Action.ALLOW
                && held != Held.NO
                && evaluation.identity() == null
                && caller.serviceToken() != null) {
            return "nobody has signed in, and machines are not asked to";
        }
        if (policy.action() == Policy.Action.BLOCK && held == Held.UNKNOWN) {
            return "will be asked again of whoever signs in";
        }
        return null;
    }

    private @Nullable String note() {
        Identity shown = caller.identity();
        if (shown != null && evaluation.identity() == null) {
            return "signed in by "
                    + shown.loginMethod()
                    + ", and the application accepts only "
                    + String.join(", ", application.loginMethods());
        }
        return application.policies().isEmpty() ? "there are no policies" : null;
    }

    private OfConditions unfolded(Conditions conditions, boolean people, Set<String> told) {
        return new OfConditions(
                evaluation.holds(conditions, people),
                unfolded(conditions.include(), people, told),
                unfolded(conditions.require(), people, told),
                unfolded(conditions.exclude(), people, told));
    }

    private List<OfSelector> unfolded(List<Selector> selectors, boolean people, Set<String> told) {
        List<OfSelector> results = new ArrayList<>();
        for (Selector selector : selectors) {
            Group group =
                    selector instanceof Selector.InGroup(String name) ? groups.get(name) : null;
            OfConditions inside =
                    group != null && told.add(group.name())
                            ? unfolded(group.conditions(), people, told)
                            : null;
            results.add(new OfSelector(selector, evaluation.holds(selector, people), inside));
        }
        return results;
    }
}
