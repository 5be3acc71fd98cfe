package dev.culvert.policy;

import dev.culvert.config.GoDuration;
import dev.culvert.policy.Explanation.OfConditions;
import dev.culvert.policy.Explanation.OfPolicy;
import dev.culvert.policy.Explanation.OfSelector;
import dev.culvert.policy.Explanation.Part;
import java.util.List;
import java.util.Locale;

/// Writes an explanation as lines for a terminal:
///
/// ```
/// wiki: allow, by policy "staff", for 24h
///
/// no       service_auth  ci
///            no       include  service_token: ci
/// yes      allow  staff  <- decides
///            yes      include  group: staff
///              yes      include  email_domain: example.com
///            no       exclude  email: bob@example.com
/// ```
///
/// Confined to one thread.
final class ExplanationText {
    private static final int HELD_COLUMN = 9;

    private final Explanation explanation;
    private final StringBuilder text = new StringBuilder();

    ExplanationText(Explanation explanation) {
        this.explanation = explanation;
    }

    String text() {
        text.append(explanation.application().name()).append(": ").append(decision());
        if (explanation.note() != null) {
            text.append('\n').append(explanation.note());
        }
        if (!explanation.policies().isEmpty()) {
            text.append('\n');
        }
        explanation.policies().forEach(this::policy);
        return text.toString();
    }

    private String decision() {
        return switch (explanation.decision()) {
            case Decision.Allow(Policy policy) -> "allow, " + by(policy) + ", for " + time(policy);
            case Decision.Bypass(Policy policy) -> "allow unasked, " + by(policy);
            case Decision.SignIn() -> {
                Policy policy = explanation.deciding();
                yield "asked to sign in" + (policy == null ? "" : ", " + by(policy));
            }
            case Decision.Deny deny ->
                    deny.policy() == null
                            ? "deny, no policy lets the caller in"
                            : "deny, " + by(deny.policy());
        };
    }

    private static String by(Policy policy) {
        return "by policy \"" + policy.name() + "\"";
    }

    private String time(Policy policy) {
        return GoDuration.format(PolicyEngine.session(explanation.application(), policy));
    }

    private void policy(OfPolicy asked) {
        Policy policy = asked.policy();
        String action = policy.action().name().toLowerCase(Locale.ROOT);
        line(0, asked.held(), action + "  " + policy.name() + mark(asked.part()));
        if (asked.why() != null) {
            text.append('\n').append(" ".repeat(HELD_COLUMN + 2)).append(asked.why());
        }
        conditions(HELD_COLUMN + 2, asked.conditions());
    }

    private static String mark(Part part) {
        return switch (part) {
            case DECIDES -> "  <- decides";
            case UNASKED -> "  (not asked any more)";
            case PASSES -> "";
        };
    }

    private void conditions(int indent, OfConditions conditions) {
        selectors(indent, "include", conditions.include());
        selectors(indent, "require", conditions.require());
        selectors(indent, "exclude", conditions.exclude());
    }

    private void selectors(int indent, String list, List<OfSelector> selectors) {
        for (OfSelector result : selectors) {
            boolean above =
                    result.selector() instanceof Selector.InGroup && result.inside() == null;
            line(
                    indent,
                    result.held(),
                    list + "  " + result.selector().shown() + (above ? "  (above)" : ""));
            if (result.inside() != null) {
                conditions(indent + 2, result.inside());
            }
        }
    }

    private void line(int indent, Held held, String rest) {
        String word = held.name().toLowerCase(Locale.ROOT);
        text.append('\n')
                .append(" ".repeat(indent))
                .append(word)
                .append(" ".repeat(HELD_COLUMN - word.length()))
                .append(rest);
    }
}
