package dev.culvert.edge.adminarea;

import dev.culvert.edge.pages.AdminApplicationsPage.Action;
import dev.culvert.edge.pages.AdminApplicationsPage.Step;
import dev.culvert.policy.Explanation;
import dev.culvert.policy.Explanation.OfConditions;
import dev.culvert.policy.Explanation.OfPolicy;
import dev.culvert.policy.Explanation.OfSelector;
import dev.culvert.policy.Held;
import java.util.ArrayList;
import java.util.List;

/// Writes an explanation as the lines of a page. Confined to one thread.
final class ExplanationSteps {
    private final List<Step> steps = new ArrayList<>();

    private ExplanationSteps() {}

    static List<Step> of(Explanation explanation) {
        ExplanationSteps lines = new ExplanationSteps();
        explanation.policies().forEach(lines::policy);
        return lines.steps;
    }

    private void policy(OfPolicy asked) {
        String what =
                Action.valueOf(asked.policy().action().name()).shown()
                        + " “"
                        + asked.policy().name()
                        + "”";
        String why = asked.why();
        boolean holds = asked.held() == Held.YES;
        steps.add(
                new Step(
                        0,
                        why == null ? what : what + ": " + why,
                        switch (asked.part()) {
                            case DECIDES -> "decides";
                            case PASSES -> word(asked.held());
                            case UNASKED -> "not asked any more";
                        },
                        holds && asked.part() != Explanation.Part.UNASKED));
        conditions(1, asked.conditions());
    }

    private void conditions(int depth, OfConditions conditions) {
        selectors(depth, "include", conditions.include());
        selectors(depth, "require", conditions.require());
        selectors(depth, "exclude", conditions.exclude());
    }

    private void selectors(int depth, String list, List<OfSelector> selectors) {
        for (OfSelector one : selectors) {
            boolean holds = one.held() == Held.YES;
            steps.add(
                    new Step(depth, list + " " + one.selector().shown(), word(one.held()), holds));
            OfConditions inside = one.inside();
            if (inside != null) {
                conditions(depth + 1, inside);
            }
        }
    }

    private static String word(Held held) {
        return switch (held) {
            case YES -> "applies";
            case NO -> "does not apply";
            case UNKNOWN -> "not known before signing in";
        };
    }
}
