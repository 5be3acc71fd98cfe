package dev.culvert.edge.signin;

import dev.culvert.edge.pages.MessagePage;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.web.Form;
import dev.culvert.policy.Identity;
import dev.culvert.transport.LogThrottle;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Signing in at a provider, the browser's part: there, and back with an answer that counts once and in
/// the browser that asked. Thread-safe.
///
/// `GET` of the method's own path leads to the provider (a link, for a form must not lead to another
/// origin), which leads back to `/callback`. A provider that fails has a page that says so, and no effect
/// on other ways in.
public final class ProviderLogin implements LoginMethod {
    private static final Logger log = LoggerFactory.getLogger(ProviderLogin.class);

    /// Anybody may cause them.
    private static final LogThrottle FAILURES = new LogThrottle(5, Duration.ofMinutes(1));

    private static final String CALLBACK = "/callback";

    /// One at a time in a browser: what was begun last.
    private static final String FLOW = "provider";

    /// Not in an answer more than once (RFC 6749, section 3.1).
    private static final List<String> PARAMETERS =
            List.of("code", "state", "iss", "error", "error_description");

    private final Provider provider;

    ProviderLogin(Provider provider) {
        this.provider = provider;
    }

    /// Asks the provider nothing yet.
    ///
    /// @throws IOException when the system's certificates cannot be read
    public static ProviderLogin of(ProviderConfig config, InstantSource clock) throws IOException {
        return new ProviderLogin(
                switch (config) {
                    case OidcConfig oidc -> new OidcProvider(oidc, clock);
                    case OAuth2Config oauth2 -> new OAuth2Provider(oauth2);
                });
    }

    @Override
    public String name() {
        return provider.config().name();
    }

    @Override
    public String title() {
        return provider.config().title();
    }

    @Override
    public Look look() {
        return Look.BUTTON;
    }

    @Override
    public void handle(SignInExchange exchange) throws IOException {
        boolean get = exchange.method().equals("GET");
        try {
            if (get && exchange.rest().isEmpty()) {
                begin(exchange);
            } else if (get && exchange.rest().equals(CALLBACK)) {
                exchange.signedIn(answered(exchange));
            } else {
                exchange.redirect(Paths.SIGN_IN);
            }
        } catch (ProviderException e) {
            failed(exchange, e);
        }
    }

    private void begin(SignInExchange exchange) throws IOException, ProviderException {
        Flow flow = Flow.begin(name());
        URI there = provider.authorization(flow, back(exchange));
        exchange.attempt().put(FLOW, flow.toNote());
        exchange.redirect(there.toString());
    }

    private static URI back(SignInExchange exchange) {
        return URI.create(exchange.url(CALLBACK));
    }

    private Identity answered(SignInExchange exchange) throws ProviderException {
        Form answer = exchange.query();
        if (PARAMETERS.stream().anyMatch(name -> answer.all(name).size() > 1)) {
            throw ProviderException.broken("a parameter of the answer is there twice", null);
        }
        Flow flow = taken(exchange.attempt(), answer.text("state"));
        String error = answer.first("error");
        if (error != null) {
            throw ProviderErrors.answered(error, answer.text("error_description"));
        }
        if (answer.text("code").isBlank()) {
            throw ProviderException.broken("the answer has no code", null);
        }
        return provider.identity(
                flow, back(exchange), new Provider.Answer(answer.text("code"), answer.text("iss")));
    }

    /// What this browser began at this provider. An answer to something else leaves it as it is: whoever
    /// leads a browser here with an answer of his own must not end what the person is doing.
    private Flow taken(Attempt attempt, String state) throws ProviderException {
        Flow begun = Flow.ofNote(attempt.get(FLOW));
        if (isOf(begun, state)) {
            Flow flow = Flow.ofNote(attempt.take(FLOW));
            if (flow != null && isOf(flow, state)) {
                return flow;
            }
        }
        throw ProviderException.refused(
                "the answer belongs to no sign-in that this browser began",
                "This answer belongs to no sign-in that this browser began, or it was used already."
                        + " Begin again.");
    }

    private boolean isOf(@Nullable Flow flow, String state) {
        return flow != null
                && flow.provider().equals(name())
                && MessageDigest.isEqual(
                        flow.state().getValue().getBytes(StandardCharsets.UTF_8),
                        state.getBytes(StandardCharsets.UTF_8));
    }

    private void failed(SignInExchange exchange, ProviderException failure) throws IOException {
        boolean isTheirFault = failure.fault() == ProviderException.Fault.REFUSED;
        log.atLevel(isTheirFault || FAILURES.permit() < 0 ? Level.DEBUG : Level.WARN)
                .log(
                        "Sign-in with a provider failed provider={} request={} reason={}",
                        name(),
                        exchange.requestId(),
                        failure.getMessage());
        exchange.failed("", String.valueOf(failure.getMessage()));
        exchange.show(
                failure.fault().status(),
                new MessagePage(
                        title() + " did not sign you in",
                        failure.shown(),
                        new MessagePage.Next("Choose how to sign in", Paths.SIGN_IN),
                        exchange.requestId()));
    }
}
