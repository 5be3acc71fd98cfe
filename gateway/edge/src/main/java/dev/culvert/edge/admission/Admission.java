package dev.culvert.edge.admission;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.policy.Application;
import dev.culvert.policy.Caller;
import dev.culvert.policy.Conditions;
import dev.culvert.policy.Decision;
import dev.culvert.policy.Policy;
import dev.culvert.policy.PolicyEngine;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The gate on the byte path. Who asks is told from the token of a person, a service token or a client
/// certificate; the policies of the request's application decide, on every request; what lets in is
/// written down before the first byte goes on.
///
/// Thread-safe. Never blocks: what takes time ([Verdict.Later]) runs on virtual threads.
public final class Admission {
    /// Where the edge's own paths of every protected host begin.
    public static final String OWN_PATHS = "/cdn-cgi/";

    private static final Duration USE_LIFE = Duration.ofMinutes(5);

    /// Origins get the same assertion for [#USE_LIFE], and may look at it as long again.
    private static final Duration ASSERTION_LIFE = USE_LIFE.multipliedBy(2);

    /// Stands for the application's key `preflight`.
    private static final Policy PREFLIGHT =
            new Policy(
                    "preflight",
                    Policy.Action.BYPASS,
                    new Conditions(List.of(), List.of(), List.of()),
                    null);

    private final RulesInForce rules;
    private final Sessions sessions;
    private final ServiceTokens serviceTokens;
    private final Tokens tokens;
    private final AuditLog audit;
    private final EdgeAnswers answers;
    private final AuthAddress auth;
    private final InstantSource clock;
    private final Uses uses;

    public Admission(
            RulesInForce rules,
            Sessions sessions,
            ServiceTokens serviceTokens,
            Tokens tokens,
            AuditLog audit,
            EdgeAnswers answers,
            AuthAddress auth,
            InstantSource clock) {
        this.rules = rules;
        this.sessions = sessions;
        this.serviceTokens = serviceTokens;
        this.tokens = tokens;
        this.audit = audit;
        this.answers = answers;
        this.auth = auth;
        this.clock = clock;
        this.uses = new Uses(audit);
    }

    /// Whether a request's host, without port, is where people sign in.
    public boolean isAuthHost(String host) {
        return auth.is(host);
    }

    /// Whether policies look at client certificates on a host, without port.
    public boolean wantsCertificate(String host) {
        return rules.engine().wantsCertificate(host);
    }

    /// What becomes of a request.
    ///
    /// @param requestId in every log
    public Verdict judge(StreamRequest request, Visitor visitor, String requestId) {
        String host = request.host();
        PolicyEngine engine = rules.engine();
        if (auth.is(host)) {
            return new Verdict.Answer(answers.authHost(visitor, requestId));
        }
        Application application = engine.find(host, request.path());
        if (application == null && !engine.protects(host)) {
            return new Verdict.Unprotected();
        }
        if (request.path().startsWith(OWN_PATHS)) {
            return new Verdict.Answer(answers.ownPaths(visitor, requestId));
        }
        if (application == null) {
            return new Verdict.Unprotected();
        }
        Asked asked = new Asked(request, visitor, requestId, application);
        if (application == PolicyEngine.UNCLEAR) {
            return refuse(asked, new Principal.Anyone(), Refusal.UNCLEAR_PATH, null);
        }
        if (request.headers().contains("cf-access-metadata-request")) {
            return new Verdict.Answer(answers.metadata(asked));
        }
        return judge(engine, asked);
    }

    private Verdict judge(PolicyEngine engine, Asked asked) {
        ShownCredentials shown = ShownCredentials.of(asked.request().headers());
        String serviceId = shown.serviceId();
        String serviceSecret = shown.serviceSecret();
        ServiceTokens.Proof machine = null;
        if (serviceId != null && serviceSecret != null) {
            machine = serviceTokens.check(serviceId, serviceSecret);
            if (machine == null) {
                return refuse(asked, new Principal.Anyone(), Refusal.BAD_SERVICE_TOKEN, null);
            }
        }
        Session session = machine == null ? session(shown, asked.application()) : null;
        if (session != null && shown.isCookie() && !isOwnOrigin(asked.request())) {
            return refuse(asked, new Principal.Person(session), Refusal.FOREIGN_ORIGIN, null);
        }
        Caller caller = caller(session, machine, asked.visitor());
        return switch (engine.decide(asked.application(), caller)) {
            case Decision.Allow(Policy policy) ->
                    enter(asked, policy, principal(policy, session, machine, asked.visitor()));
            case Decision.Bypass(Policy policy) -> enter(asked, policy, new Principal.Anyone());
            case Decision.SignIn() ->
                    isPreflight(asked)
                            ? enter(asked, PREFLIGHT, new Principal.Anyone())
                            : new Verdict.Answer(answers.signIn(asked));
            case Decision.Deny(Policy policy) ->
                    refuse(asked, shown(session, machine), Refusal.DENIED, policy);
        };
    }

    private static boolean isPreflight(Asked asked) {
        HeaderList headers = asked.request().headers();
        return asked.application().preflight()
                && asked.request().kind() == StreamKind.HTTP
                && asked.request().method().equals("OPTIONS")
                && asked.request().endOfBody()
                && headers.contains("origin")
                && headers.contains("access-control-request-method");
    }

    private @Nullable Session session(ShownCredentials shown, Application application) {
        String text = shown.token();
        AccessToken token =
                text == null ? null : tokens.read(text, AccessToken.Type.APP, application.aud());
        Session session = token == null ? null : sessions.byId(token.session());
        if (session != null) {
            sessions.seen(session);
        }
        return session;
    }

    /// Browsers add cookies to WebSockets that any page opens; pages of other applications of the same
    /// site are not even cross-site.
    private static boolean isOwnOrigin(StreamRequest request) {
        return request.kind() != StreamKind.WEBSOCKET
                || ("https://" + request.authority()).equals(request.headers().first("origin"));
    }

    private Caller caller(
            @Nullable Session session, ServiceTokens.@Nullable Proof machine, Visitor visitor) {
        return visitor.caller(
                session == null ? null : session.identity(),
                machine == null ? null : machine.token().name(),
                clock.instant());
    }

    private static Principal principal(
            Policy policy,
            @Nullable Session session,
            ServiceTokens.@Nullable Proof machine,
            Visitor visitor) {
        if (policy.action() == Policy.Action.ALLOW && session != null) {
            return new Principal.Person(session);
        }
        if (machine != null) {
            return new Principal.Machine(machine);
        }
        Caller.ClientCertificate certificate = visitor.certificate();
        if (certificate == null) {
            throw new IllegalStateException("let in, but nobody: " + policy.name());
        }
        return new Principal.Device(certificate);
    }

    /// Whose request it is, before any policy has looked at it.
    private static Principal shown(
            @Nullable Session session, ServiceTokens.@Nullable Proof machine) {
        if (session != null) {
            return new Principal.Person(session);
        }
        return machine == null ? new Principal.Anyone() : new Principal.Machine(machine);
    }

    private Verdict refuse(
            Asked asked, Principal principal, Refusal refusal, @Nullable Policy policy) {
        denied(asked, principal, refusal, policy);
        return new Verdict.Answer(answers.refused(asked, principal.actor(), refusal));
    }

    private void denied(
            Asked asked, Principal principal, Refusal refusal, @Nullable Policy policy) {
        record(
                principal,
                event(asked, principal.actor(), "denied", policy)
                        .detail("reason", refusal.word(), "path", path(asked))
                        .build());
    }

    private void record(Principal principal, AuditEvent event) {
        if (principal instanceof Principal.Anyone) {
            audit.recordOfAnybody(event);
        } else {
            audit.record(event);
        }
    }

    private static String path(Asked asked) {
        String path = asked.request().path().split("\\?", 2)[0];
        return path.length() > 200 ? path.substring(0, 200) + "…" : path;
    }

    private static AuditEvent.Builder event(
            Asked asked, String actor, String outcome, @Nullable Policy policy) {
        return AuditEvent.of(AuditEvent.Kind.DECISION, actor, outcome)
                .application(asked.application().name(), asked.request().host())
                .policy(policy == null ? null : policy.name())
                .from(asked.visitor().text(), asked.visitor().country())
                .request(asked.requestId());
    }

    private Verdict enter(Asked asked, Policy policy, Principal principal) {
        Application application = asked.application();
        if (!InBrowser.isAnsweredHere(application, asked.request())) {
            if (application.isOnlyRecorded()) {
                return refuse(asked, principal, Refusal.RECORDING_REQUIRED, policy);
            }
            if (application.isOnlyInBrowser()) {
                return refuse(asked, principal, Refusal.ONLY_IN_BROWSER, policy);
            }
        }
        String key = Uses.key(principal, asked.application().aud(), policy.name(), asked.visitor());
        Instant now = clock.instant();
        Use known = uses.find(key, now);
        if (known != null) {
            return entered(asked, policy, principal, known);
        }
        return new Verdict.Later(
                uses.begin(
                                key,
                                principal,
                                asked.application().name(),
                                asked.visitor(),
                                now,
                                () -> begin(asked, policy, principal))
                        .handle((use, failure) ->
                                failure == null
                                        ? entered(asked, policy, principal, use)
                                        : new Verdict.Answer(answers.unrecorded(asked))));
    }

    private static Verdict entered(Asked asked, Policy policy, Principal principal, Use use) {
        use.request();
        return new Verdict.Enter(
                new Grant(asked.application(), policy, principal, asked.visitor(), use));
    }

    private CompletableFuture<Use> begin(Asked asked, Policy policy, Principal principal) {
        CompletableFuture<Use> begun = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("admission")
                .start(() -> {
                    try {
                        Instant now = clock.instant();
                        String assertion = assertion(asked, principal, now.plus(ASSERTION_LIFE));
                        audit.recorded(event(asked, principal.actor(), "allowed", policy).build())
                                .join();
                        begun.complete(new Use(assertion, now.plus(USE_LIFE)));
                    } catch (CompletionException e) {
                        begun.completeExceptionally(e.getCause());
                    } catch (RuntimeException e) {
                        begun.completeExceptionally(e);
                    }
                });
        return begun;
    }

    private @Nullable String assertion(Asked asked, Principal principal, Instant expiresAt) {
        String aud = asked.application().aud();
        return switch (principal) {
            case Principal.Person(Session session) ->
                    tokens.assertPerson(
                            aud,
                            session.id(),
                            session.identity(),
                            asked.visitor().country(),
                            expiresAt);
            case Principal.Machine(ServiceTokens.Proof proof) ->
                    tokens.assertMachine(aud, proof.token().id(), expiresAt);
            case Principal.Device(Caller.ClientCertificate certificate) ->
                    tokens.assertMachine(aud, certificate.commonName(), expiresAt);
            case Principal.Anyone() -> null;
        };
    }

    /// Whether a stream that was let in may go on now.
    ///
    /// @param grant null for one that was in no application
    /// @return null when it may, else the reason for people
    public @Nullable String mayStay(StreamRequest request, @Nullable Grant grant) {
        Application now = rules.engine().find(request.host(), request.path());
        if (grant == null) {
            return now == null ? null : "this address was put under access rules";
        }
        if (now == null || !now.aud().equals(grant.application().aud())) {
            return "the access rules of this address were changed";
        }
        Session session = null;
        ServiceTokens.Proof machine = null;
        switch (grant.principal()) {
            case Principal.Person(Session then) -> {
                session = sessions.byId(then.id());
                if (session == null) {
                    return "your session was ended";
                }
            }
            case Principal.Machine(ServiceTokens.Proof proof) -> {
                if (!serviceTokens.isGood(proof)) {
                    return "the service token is no longer valid";
                }
                machine = proof;
            }
            case Principal.Device device -> {}
            case Principal.Anyone anyone -> {}
        }
        return switch (rules.engine().decide(now, caller(session, machine, grant.visitor()))) {
            case Decision.Allow(Policy policy) -> rightsChanged(grant, now, policy);
            case Decision.Bypass(Policy policy) -> rightsChanged(grant, now, policy);
            case Decision.SignIn signIn ->
                    grant.policy() == PREFLIGHT ? null : "the access rules now ask to sign in";
            case Decision.Deny deny -> "the access rules no longer let you in";
        };
    }

    /// What a session may do is looked at when it begins.
    private static @Nullable String rightsChanged(Grant grant, Application now, Policy policy) {
        boolean same =
                now.ssh().equals(grant.application().ssh())
                        && policy.ssh().equals(grant.policy().ssh())
                        && now.desktop().equals(grant.application().desktop());
        return same ? null : "the access rules of this address were changed";
    }

    /// Lets somebody in without an HTTP request, as the policies say of them now. Blocking.
    ///
    /// @param request the stream that is to be opened
    /// @param kinds of application that are served, lower case
    /// @throws RefusedException with the reason; that it was refused is in the audit log
    public Grant admit(
            Session session,
            StreamRequest request,
            Visitor visitor,
            String requestId,
            Set<String> kinds)
            throws RefusedException {
        PolicyEngine engine = rules.engine();
        Application application = engine.find(request.host(), request.path());
        if (application == null || !kinds.contains(application.kind().word())) {
            throw new RefusedException(
                    "unknown_host",
                    "There is no application of kind "
                            + String.join(" or ", new TreeSet<>(kinds))
                            + " at "
                            + request.host()
                            + ".",
                    "Check the name.");
        }
        Asked asked = new Asked(request, visitor, requestId, application);
        Principal principal = new Principal.Person(session);
        Caller caller = caller(session, null, visitor);
        return switch (engine.decide(application, caller)) {
            case Decision.Allow(Policy policy) -> begun(asked, policy, principal);
            case Decision.Bypass(Policy policy) -> begun(asked, policy, principal);
            case Decision.SignIn() -> throw refused(asked, principal, null);
            case Decision.Deny(Policy policy) -> throw refused(asked, principal, policy);
        };
    }

    private RefusedException refused(Asked asked, Principal principal, @Nullable Policy policy) {
        denied(asked, principal, Refusal.DENIED, policy);
        return new RefusedException(
                Refusal.DENIED.word(),
                "The access rules of "
                        + asked.application().name()
                        + " do not let "
                        + principal.actor()
                        + " in.",
                "Ask whoever looks after it.");
    }

    private Grant begun(Asked asked, Policy policy, Principal principal) throws RefusedException {
        try {
            Use use = begin(asked, policy, principal).join();
            use.request();
            return new Grant(asked.application(), policy, principal, asked.visitor(), use);
        } catch (CompletionException e) {
            throw new RefusedException(
                    "unrecorded",
                    "The edge cannot write down who comes in, so nobody new is let in.",
                    "Try again in a minute. If it is yours, see the edge's log.");
        }
    }

    /// The session of whoever shows an application token, null when it is not good.
    public @Nullable Tokened byToken(String text) {
        AccessToken token = tokens.read(text, AccessToken.Type.APP);
        Session session = token == null ? null : sessions.byId(token.session());
        if (token == null || session == null) {
            return null;
        }
        return rules.engine().rules().applications().stream()
                .filter(application -> application.aud().equals(token.audience()))
                .findFirst()
                .map(application -> new Tokened(application, session))
                .orElse(null);
    }

    /// Whose token it is, and for what.
    public record Tokened(Application application, Session session) {}

    /// A stream that lasted is over.
    ///
    /// @param why one sentence when the edge ended it, else empty
    public void ended(
            StreamRequest request,
            String requestId,
            Grant grant,
            long up,
            long down,
            Duration lasted,
            String why) {
        record(
                grant.principal(),
                AuditEvent.of(
                                AuditEvent.Kind.STREAM,
                                grant.principal().actor(),
                                why.isEmpty() ? "closed" : "cut")
                        .application(grant.application().name(), request.host())
                        .policy(grant.policy().name())
                        .from(grant.visitor().text(), grant.visitor().country())
                        .request(requestId)
                        .detail(
                                "bytes_up",
                                up,
                                "bytes_down",
                                down,
                                "seconds",
                                lasted.toSeconds(),
                                "reason",
                                why)
                        .build());
    }

    /// Writes down uses that are over. To be called each minute.
    public void maintain() {
        uses.sweep(clock.instant());
    }

    /// Writes down all uses.
    public void close() {
        uses.close();
    }
}
