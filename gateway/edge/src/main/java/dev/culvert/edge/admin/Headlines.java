package dev.culvert.edge.admin;

import dev.culvert.policy.Decision;
import dev.culvert.policy.Explanation;
import dev.culvert.policy.Policy;

/// Explanations in one sentence. Stateless.
final class Headlines {
    private Headlines() {}

    static boolean allowed(Explanation explanation) {
        return explanation.decision().admitting() != null;
    }

    static String of(Explanation explanation) {
        String application = explanation.application().name();
        return switch (explanation.decision()) {
            case Decision.Allow(Policy policy) -> "Allowed by " + by(policy, application);
            case Decision.Bypass(Policy policy) -> "Let in unasked by " + by(policy, application);
            case Decision.SignIn() -> "Asked to sign in, for " + application;
            case Decision.Deny deny -> {
                Policy policy = deny.policy();
                yield policy == null
                        ? "Denied: no policy of " + application + " lets them in"
                        : "Denied by " + by(policy, application);
            }
        };
    }

    private static String by(Policy policy, String application) {
        return "“" + policy.name() + "” of " + application;
    }
}
