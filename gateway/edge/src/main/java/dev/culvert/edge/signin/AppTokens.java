package dev.culvert.edge.signin;

import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.policy.Application;
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
                .decide(application, visitor.caller(session.identity(), null, clock.instant()));
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
        return rules.engine().applicationsOn(host);
    }

    /// What a person may open, in the order of the rules.
    List<Application> listed(Session session, Visitor visitor) {
        return rules.engine().rules().applications().stream()
                .filter(Application::listed)
                .filter(application -> decide(application, session, visitor).admitting() != null)
                .toList();
    }
}
