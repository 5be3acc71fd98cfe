package dev.culvert.edge.signin;

import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.policy.Application;
import dev.culvert.policy.Caller;
import dev.culvert.policy.Decision;
import dev.culvert.policy.Policy;
import dev.culvert.policy.PolicyEngine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether somebody who has signed in gets a token for an application. Thread-safe; never blocks.
final class AppTokens {
    private final RulesInForce rules;
    private final Tokens tokens;
    private final InstantSource clock;

    /// @param expiresAt no later than the session
    record Issued(String token, Instant expiresAt) {
        @Override
        public String toString() {
            return "Issued[" + expiresAt + "]";
        }
    }

    AppTokens(RulesInForce rules, Tokens tokens, InstantSource clock) {
        this.rules = rules;
        this.tokens = tokens;
        this.clock = clock;
    }

    Decision decide(Application application, Session session, Visitor visitor) {
        return rules.engine()
                .decide(
                        application,
                        new Caller(
                                session.identity(),
                                null,
                                visitor.certificate(),
                                visitor.address(),
                                visitor.country(),
                                clock.instant()));
    }

    Issued issue(Application application, Policy policy, Session session) {
        Instant wanted = clock.instant().plus(PolicyEngine.session(application, policy));
        Instant expires = wanted.isBefore(session.expiresAt()) ? wanted : session.expiresAt();
        return new Issued(
                tokens.issue(
                        AccessToken.Type.APP,
                        application.aud(),
                        session.id(),
                        session.identity(),
                        expires),
                expires);
    }

    @Nullable Application find(String host, String path) {
        Application found = rules.engine().find(host, path);
        return found == PolicyEngine.UNCLEAR ? null : found;
    }

    /// The applications that have a place on a host.
    List<Application> on(String host) {
        return rules.engine().rules().applications().stream()
                .filter(application ->
                        application.places().stream().anyMatch(place -> covers(place.host(), host)))
                .toList();
    }

    private static boolean covers(String pattern, String host) {
        return pattern.startsWith("*.")
                ? host.endsWith(pattern.substring(1)) && host.length() >= pattern.length()
                : pattern.equals(host);
    }

    /// What a person may open, in the order of the rules.
    List<Application> listed(Session session, Visitor visitor) {
        return rules.engine().rules().applications().stream()
                .filter(Application::listed)
                .filter(application ->
                        switch (decide(application, session, visitor)) {
                            case Decision.Allow allow -> true;
                            case Decision.Bypass bypass -> true;
                            case Decision.SignIn signIn -> false;
                            case Decision.Deny deny -> false;
                        })
                .toList();
    }
}
