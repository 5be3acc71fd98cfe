package dev.culvert.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why the policies of an application say what they say of a caller. Immutable.
///
/// @param application the one that was asked
/// @param decision as [PolicyEngine#decide] gives it
/// @param policies in the order in which they are asked, also those behind the one that decides
/// @param note what is to be known besides, null for nothing
public record Explanation(
        Application application,
        Decision decision,
        List<OfPolicy> policies,
        @Nullable String note) {
    public Explanation {
        policies = List.copyOf(policies);
    }

    /// The policy that decides, null when none does. For [Decision.SignIn] it is the one that could let a
    /// person in.
    public @Nullable Policy deciding() {
        for (OfPolicy asked : policies) {
            if (asked.part() == Part.DECIDES) {
                return asked.policy();
            }
        }
        return null;
    }

    /// For a terminal: several lines, without a final line break.
    public String text() {
        return new ExplanationText(this).text();
    }

    /// What a policy contributes to the decision.
    public enum Part {
        DECIDES,
        /// Does not hold, or holds and leaves the decision to others.
        PASSES,
        /// Stands behind the one that decides.
        UNASKED
    }

    /// @param held whether the policy as a whole applies
    /// @param why what the conditions alone do not tell, null for nothing
    public record OfPolicy(
            Policy policy, Held held, Part part, OfConditions conditions, @Nullable String why) {}

    /// @param held of all together
    public record OfConditions(
            Held held,
            List<OfSelector> include,
            List<OfSelector> require,
            List<OfSelector> exclude) {
        public OfConditions {
            include = List.copyOf(include);
            require = List.copyOf(require);
            exclude = List.copyOf(exclude);
        }
    }

    /// @param held of the selector itself: one that is excluded and holds keeps the conditions from holding
    /// @param inside of a group, where the policy leads to it for the first time; else null
    public record OfSelector(Selector selector, Held held, @Nullable OfConditions inside) {}
}
