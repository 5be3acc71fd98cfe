package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.BusyException;
import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.Pending;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.TotpSecrets;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.identity.Users;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.signin.AccountPage.Request;
import dev.culvert.edge.signin.AccountPage.Shown;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What people change of their own account, as [dev.culvert.edge.pages.SecurityPage] tells: password,
/// authenticator app, recovery codes, passkeys. Each change asks for the password, or for a sign-in not longer
/// ago than ten minutes, and is written down. A new password ends the user's other sessions.
///
/// Thread-safe. Blocking: virtual threads only.
public final class OwnAccount implements Section {
    private static final Logger log = LoggerFactory.getLogger(OwnAccount.class);

    private static final int OFFERS = 10_000;

    private final LocalAccounts accounts;
    private final Sessions sessions;
    private final AccountPage page;
    private final OwnPasskeys passkeys;
    private final Pending<TotpSecrets.Offer> offers;

    public OwnAccount(
            LocalAccounts accounts, Sessions sessions, AuditLog audit, InstantSource clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.page = new AccountPage(accounts, audit, clock);
        this.passkeys = new OwnPasskeys(accounts, page);
        this.offers = new Pending<>(clock, AccountPage.RECENT, OFFERS);
    }

    @Override
    public void handle(AuthExchange exchange) throws IOException, InterruptedException {
        String rest = exchange.path().substring(Paths.ACCOUNT.length());
        Session session = Objects.requireNonNull(exchange.session());
        try {
            Optional<User> user = user(session);
            if (user.isEmpty()) {
                page.elsewhere(exchange);
            } else if (exchange.isPost()) {
                change(rest, new Request(exchange, session, user.get()));
            } else if (rest.isEmpty()) {
                page.show(new Request(exchange, session, user.get()), AccountPage.plain());
            } else {
                exchange.redirect(Paths.ACCOUNT);
            }
        } catch (BusyException e) {
            exchange.say(
                    503, "Many people are signing in at this moment", "Try again in a moment.");
        } catch (StateException e) {
            log.error("An account could not be changed requestId={}", exchange.requestId(), e);
            exchange.say(503, "Your account cannot be changed at the moment", "Try again later.");
        }
    }

    private Optional<User> user(Session session) throws StateException {
        return session.identity().loginMethod().equals(Users.LOCAL)
                ? accounts.users().byId(UUID.fromString(session.identity().id()))
                : Optional.empty();
    }

    private void change(String rest, Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        switch (rest) {
            case "/password" -> password(request);
            case "/totp/begin" -> beginTotp(request);
            case "/totp/finish" -> finishTotp(request);
            case "/totp/remove" -> removeTotp(request);
            case "/recovery-codes" -> newCodes(request);
            case "/passkeys/options" -> passkeys.options(request);
            case "/passkeys/add" -> passkeys.add(request);
            case "/passkeys/rename" -> passkeys.rename(request);
            case "/passkeys/remove" -> passkeys.remove(request);
            default ->
                    request.exchange()
                            .say(404, "There is no such page", "Go back to your account.");
        }
    }

    private void password(Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        if (!proves(request, "current", "password")) {
            return;
        }
        try {
            accounts.passwords().change(request.user().id(), request.field("password"));
        } catch (StateException e) {
            page.refused(request, e, "password");
            return;
        }
        String email = request.user().email();
        int ended =
                sessions.endAll(s ->
                        s.identity().email().equals(email)
                                && !s.id().equals(request.session().id()));
        page.written(request, "password_changed");
        String others =
                switch (ended) {
                    case 0 -> "";
                    case 1 -> " One other session of yours has ended.";
                    default -> " " + ended + " other sessions of yours have ended.";
                };
        page.good(request, "The password is changed." + others, "password");
    }

    private void beginTotp(Request request) throws IOException, StateException {
        if (page.isRecent(request)) {
            TotpSecrets.Offer offer = accounts.totp().offer(request.user());
            offers.put(
                    request.session().id().toString(), request.exchange().visitor().text(), offer);
            page.show(request, new Shown(200, offer, List.of(), null));
        } else {
            AccountPage.signInAgain(request.exchange());
        }
    }

    private void finishTotp(Request request) throws IOException, StateException {
        String holder = request.session().id().toString();
        Optional<TotpSecrets.Offer> offer = offers.get(holder);
        if (offer.isEmpty()) {
            page.bad(request, 400, "This took too long. Begin again.", "totp");
            return;
        }
        UUID user = request.user().id();
        if (!accounts.totp().accept(user, offer.get(), request.field("code"))) {
            Notice notice =
                    Notice.bad("This code is not right. Check the clock of the device.")
                            .about("totp");
            page.show(request, new Shown(400, offer.get(), List.of(), notice));
            return;
        }
        offers.take(holder);
        List<String> codes = accounts.recoveryCodes().replace(user);
        page.written(request, "authenticator_added");
        Notice notice = Notice.good("The authenticator is on.").about("totp");
        page.show(page.again(request), new Shown(200, null, codes, notice));
    }

    private void removeTotp(Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        if (proves(request, "password", "totp")) {
            accounts.totp().remove(request.user().id());
            accounts.recoveryCodes().remove(request.user().id());
            page.written(request, "authenticator_removed");
            page.good(request, "The authenticator is off.", "totp");
        }
    }

    private void newCodes(Request request)
            throws IOException, InterruptedException, StateException, BusyException {
        if (!request.user().hasTotp()) {
            page.bad(request, 400, "Set up an authenticator first.", "totp");
        } else if (proves(request, "password", "recovery")) {
            List<String> codes = accounts.recoveryCodes().replace(request.user().id());
            page.written(request, "recovery_codes_made");
            page.show(request, new Shown(200, null, codes, null));
        }
    }

    /// Whether the form holds the user's password; if not, says so.
    private boolean proves(Request request, String field, String about)
            throws IOException, InterruptedException, StateException, BusyException {
        String account = request.user().email();
        String address = request.exchange().visitor().text();
        Duration wait = accounts.throttle().begin(account, address);
        if (!wait.isZero()) {
            page.bad(request, 429, LocalLogin.tooMany(wait), about);
            return false;
        }
        if (!isRight(request.user().id(), request.field(field), address, account)) {
            page.written(request, "wrong_password");
            page.bad(request, 403, "The password is not right.", about);
            return false;
        }
        accounts.throttle().succeeded(account, address);
        return true;
    }

    private boolean isRight(UUID user, String password, String address, String account)
            throws InterruptedException, StateException, BusyException {
        try {
            return accounts.passwords().isRight(user, password);
        } catch (BusyException | StateException e) {
            accounts.throttle().withdrawn(account, address);
            throw e;
        }
    }
}
