package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The engine says what [ReferenceEvaluator] says, over rules and callers at random: from the same seeds
/// each time, and from others each time. A failure names the seed.
class ReferenceTest {
    private static final int RULES_OF_A_SEED = 1000;
    private static final int CALLERS_OF_RULES = 8;

    static long[] seeds() {
        Random random = new Random();
        return new long[] {1, 2, 3, random.nextLong(), random.nextLong(), random.nextLong()};
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theEngineDecidesAsTheReference(long seed) {
        RandomRules source = new RandomRules(seed);
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < RULES_OF_A_SEED; i++) {
            AccessRules rules = source.rules();
            PolicyEngine engine = new PolicyEngine(rules);
            for (int j = 0; j < CALLERS_OF_RULES; j++) {
                Application application = source.one(rules.applications());
                Caller caller = source.caller();
                Explanation explanation = engine.explain(application, caller);
                String expected = new ReferenceEvaluator(rules, application, caller).decision();
                assertThat(shown(engine.decide(application, caller)))
                        .as("seed %s, %s, %s, %s", seed, rules, application.name(), caller)
                        .isEqualTo(expected);
                assertThat(shown(explanation)).isEqualTo(expected);
                seen.merge(expected.split(" ")[0], 1, Integer::sum);
            }
        }
        assertThat(seen.keySet())
                .as("all that can be said was said")
                .containsExactlyInAnyOrder("ALLOW", "BYPASS", "BLOCK", "SIGN_IN", "NOBODY");
        assertThat(seen.values()).allMatch(count -> count > RULES_OF_A_SEED / 10);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theEngineFindsTheApplicationThatTheReferenceFinds(long seed) {
        RandomRules source = new RandomRules(seed);
        int found = 0;
        for (int i = 0; i < RULES_OF_A_SEED; i++) {
            AccessRules rules = source.rules();
            PolicyEngine engine = new PolicyEngine(rules);
            for (int j = 0; j < CALLERS_OF_RULES; j++) {
                String host = source.host();
                String path = source.path();
                Application expected = ReferenceEvaluator.find(rules, host, path);
                assertThat(engine.find(host, path))
                        .as("seed %s, %s, %s%s", seed, places(rules), host, path)
                        .isSameAs(expected);
                found += expected == null ? 0 : 1;
            }
        }
        assertThat(found).isGreaterThan(RULES_OF_A_SEED);
    }

    /// Whatever an origin makes of a path, it is not in another application than the edge decided by.
    @ParameterizedTest
    @MethodSource("seeds")
    void noOriginReadsAPathInAnotherApplication(long seed) {
        RandomRules source = new RandomRules(seed);
        int clear = 0;
        int unclear = 0;
        for (int i = 0; i < RULES_OF_A_SEED; i++) {
            AccessRules rules = source.rules();
            PolicyEngine engine = new PolicyEngine(rules);
            for (int j = 0; j < CALLERS_OF_RULES; j++) {
                String host = source.host();
                String path = source.oddPath();
                Application application = engine.find(host, path);
                if (application == PolicyEngine.UNCLEAR) {
                    unclear++;
                    continue;
                }
                clear++;
                for (OriginModel origin : OriginModel.values()) {
                    String read = origin.read(path);
                    assertThat(ReferenceEvaluator.find(rules, host, read))
                            .as(
                                    "seed %s, %s%s, read as %s by %s, %s",
                                    seed, host, path, read, origin, places(rules))
                            .isSameAs(application);
                }
            }
        }
        assertThat(clear).isGreaterThan(RULES_OF_A_SEED);
        assertThat(unclear).isGreaterThan(RULES_OF_A_SEED / 10);
    }

    private static List<String> places(AccessRules rules) {
        return rules.applications().stream().map(one -> one.name() + one.places()).toList();
    }

    private static String shown(Decision decision) {
        return switch (decision) {
            case Decision.Allow(Policy policy) -> "ALLOW " + policy.name();
            case Decision.Bypass(Policy policy) -> "BYPASS " + policy.name();
            case Decision.SignIn() -> "SIGN_IN";
            case Decision.Deny deny ->
                    deny.policy() == null ? "NOBODY" : "BLOCK " + deny.policy().name();
        };
    }

    private static String shown(Explanation explanation) {
        Policy policy = explanation.deciding();
        if (policy == null) {
            return "NOBODY";
        }
        return switch (policy.action()) {
            case BLOCK -> "BLOCK " + policy.name();
            case BYPASS -> "BYPASS " + policy.name();
            case SERVICE_AUTH -> "ALLOW " + policy.name();
            case ALLOW ->
                    explanation.decision() instanceof Decision.SignIn
                            ? "SIGN_IN"
                            : "ALLOW " + policy.name();
        };
    }
}
