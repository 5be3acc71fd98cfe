package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.pages.SshConfirmPage;
import dev.culvert.edge.pages.SshDonePage;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.Person;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The browser's part of an SSH client's sign-in, below [SshConfirmations#PATH]: asks, and on POST begins a session
/// for the client. What that may open is decided when it asks.
///
/// Thread-safe. Blocking: virtual threads only.
final class SshSignIn implements Section {
    private static final Logger log = LoggerFactory.getLogger(SshSignIn.class);

    private final SshConfirmations confirmations;
    private final Sessions sessions;
    private final SignIn signIn;
    private final AuditLog audit;
    private final Duration sessionLife;

    SshSignIn(
            SshConfirmations confirmations,
            Sessions sessions,
            SignIn signIn,
            AuditLog audit,
            Duration sessionLife) {
        this.confirmations = confirmations;
        this.sessions = sessions;
        this.signIn = signIn;
        this.audit = audit;
        this.sessionLife = sessionLife;
    }

    @Override
    public void handle(AuthExchange exchange) throws IOException {
        Session session = Objects.requireNonNull(exchange.session());
        String email = session.identity().email();
        String path = exchange.path();
        SshConfirmations.Waiting asked =
                confirmations.find(path.substring(path.lastIndexOf('/') + 1));
        if (asked == null) {
            tooOld(exchange);
        } else if (!exchange.isPost()) {
            String browser = exchange.visitor().text();
            exchange.show(
                    200,
                    new SshConfirmPage(
                            email,
                            asked.code(),
                            asked.program(),
                            asked.address(),
                            asked.isFromNetworkOf(browser) ? null : browser,
                            path,
                            exchange.csrf()));
        } else if (!confirmations.take(asked)) {
            tooOld(exchange);
        } else if (exchange.form().text("decision").equals("confirm")) {
            confirm(exchange, asked, session);
        } else {
            asked.refuse();
            signIn.failed(exchange, email, "ssh", "refused in the browser");
            exchange.show(200, new SshDonePage(email, false));
        }
    }

    private static void tooOld(AuthExchange exchange) throws IOException {
        exchange.say(
                404,
                "This link is used up or too old",
                "Start ssh again, and open the whole address that it shows within five minutes.");
    }

    private void confirm(AuthExchange exchange, SshConfirmations.Waiting asked, Session browser)
            throws IOException {
        Identity identity = browser.identity();
        try {
            audit.recorded(
                            AuditEvent.of(AuditEvent.Kind.SIGN_IN, identity.email(), "signed_in")
                                    .from(exchange.visitor().text(), exchange.visitor().country())
                                    .request(exchange.requestId())
                                    .detail("method", "ssh", "asked_from", asked.address())
                                    .build())
                    .join();
            Session session =
                    sessions.begin(
                                    Session.Kind.SSH,
                                    identity,
                                    asked.address(),
                                    asked.program(),
                                    sessionLife)
                            .session();
            if (sessions.byId(browser.id()) == null) {
                sessions.end(session.id());
                asked.refuse();
                exchange.say(401, "Your session is over", "Start ssh again.");
                return;
            }
            asked.letIn(new Person(session.id(), identity.id(), identity.email()));
            exchange.show(200, new SshDonePage(identity.email(), true));
        } catch (StateException | CompletionException e) {
            asked.refuse();
            log.error("An SSH client could not be signed in", e);
            exchange.say(503, "Signing in is not possible at the moment", "Try again in a minute.");
        }
    }
}
