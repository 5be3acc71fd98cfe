package dev.culvert.edge.signin;

import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.util.Optional;

/// Signing in with a passkey, by script: a challenge for this attempt, then what the authenticator made of
/// it. Nobody types a name, and nothing tells which names there are.
///
/// Thread-safe. Blocking: virtual threads only.
final class PasskeyLogin {
    private final LocalAccounts accounts;

    PasskeyLogin(LocalAccounts accounts) {
        this.accounts = accounts;
    }

    private static String holder(SignInExchange exchange) {
        return "sign-in " + exchange.attempt().csrf();
    }

    void options(SignInExchange exchange) throws IOException {
        if (isPost(exchange)) {
            byte[] challenge =
                    accounts.challenges().issue(holder(exchange), exchange.clientAddress());
            ScriptAnswers.answer(
                    exchange.http(), 200, accounts.passkeys().requestOptions(challenge));
        }
    }

    void finish(SignInExchange exchange) throws IOException, StateException {
        if (!isPost(exchange)) {
            return;
        }
        Optional<byte[]> challenge = accounts.challenges().take(holder(exchange));
        if (challenge.isEmpty()) {
            ScriptAnswers.refuse(
                    exchange.http(), 400, "This took too long.", "Try the passkey again.");
            return;
        }
        User user;
        try {
            user =
                    accounts.passkeys()
                            .verify(
                                    ScriptAnswers.text(exchange.http()),
                                    challenge.get(),
                                    exchange.http().authority());
        } catch (StateException e) {
            if (e.code() != StateException.Code.INVALID) {
                throw e;
            }
            exchange.failed("", String.valueOf(e.getMessage()));
            ScriptAnswers.refuse(
                    exchange.http(),
                    401,
                    "This passkey was not accepted.",
                    "Sign in another way, then look at your passkeys.");
            return;
        }
        exchange.signedInByScript(LocalLogin.identity(user, "hwk", "mfa"));
    }

    private static boolean isPost(SignInExchange exchange) throws IOException {
        boolean post = LocalLogin.isPost(exchange);
        if (!post) {
            ScriptAnswers.refuse(
                    exchange.http(), 405, "Scripts ask here by POST.", "Use the sign-in page.");
        }
        return post;
    }
}
