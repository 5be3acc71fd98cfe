package dev.culvert.edge.signin;

import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.Shown;
import dev.culvert.edge.signin.AccountPage.Request;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The passkeys of the own account: added by script, renamed and removed by forms.
///
/// Thread-safe. Blocking: virtual threads only.
final class OwnPasskeys {
    private final LocalAccounts accounts;
    private final AccountPage page;

    OwnPasskeys(LocalAccounts accounts, AccountPage page) {
        this.accounts = accounts;
        this.page = page;
    }

    private static String holder(Request request) {
        return "add passkey " + request.session().id();
    }

    void options(Request request) throws IOException, StateException {
        if (!page.isRecent(request)) {
            ScriptAnswers.refuse(
                    request.exchange().http(),
                    403,
                    "You signed in more than ten minutes ago.",
                    "Sign out, sign in again, and add the passkey then.");
            return;
        }
        byte[] challenge =
                accounts.challenges().issue(holder(request), request.exchange().visitor().text());
        request.exchange()
                .json(200, accounts.passkeys().creationOptions(request.user(), challenge));
    }

    void add(Request request) throws IOException, StateException {
        AuthExchange exchange = request.exchange();
        ObjectNode body = ScriptAnswers.object(exchange.http());
        Optional<byte[]> challenge = accounts.challenges().take(holder(request));
        if (body == null || challenge.isEmpty()) {
            ScriptAnswers.refuse(
                    exchange.http(), 400, "This took too long.", "Add the passkey again.");
            return;
        }
        String name = body.path("name").asString("").strip();
        try {
            accounts.passkeys()
                    .register(
                            request.user().id(),
                            name.isEmpty() ? "Passkey" : name,
                            body.path("credential").toString(),
                            challenge.get(),
                            exchange.http().authority());
        } catch (StateException e) {
            AccountPage.requireOwnFault(e);
            ScriptAnswers.refuse(
                    exchange.http(),
                    400,
                    Shown.capitalized(String.valueOf(e.getMessage())) + ".",
                    Shown.capitalized(e.next()) + ".");
            return;
        }
        page.written(request, "passkey_added");
        exchange.json(200, AuthExchange.object().put("next", Paths.ACCOUNT));
    }

    void rename(Request request) throws IOException, StateException {
        if (!page.isRecent(request)) {
            AccountPage.signInAgain(request.exchange());
            return;
        }
        boolean known;
        try {
            known =
                    accounts.passkeys()
                            .rename(
                                    request.user().id(),
                                    request.field("id"),
                                    request.field("name"));
        } catch (StateException e) {
            page.refused(request, e, "passkeys");
            return;
        }
        changed(request, known, "passkey_renamed", "The passkey is renamed.");
    }

    void remove(Request request) throws IOException, StateException {
        if (page.isRecent(request)) {
            boolean known = accounts.passkeys().remove(request.user().id(), request.field("id"));
            changed(request, known, "passkey_removed", "The passkey is removed.");
        } else {
            AccountPage.signInAgain(request.exchange());
        }
    }

    private void changed(Request request, boolean known, String outcome, String text)
            throws IOException, StateException {
        if (known) {
            page.written(request, outcome);
            page.good(request, text, "passkeys");
        } else {
            page.bad(request, 404, "You have no such passkey.", "passkeys");
        }
    }
}
