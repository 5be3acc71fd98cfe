package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.DeniedPage;
import dev.culvert.policy.Application;
import dev.culvert.policy.Decision;
import dev.culvert.policy.Policy;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// `/cdn-cgi/access/login/<host>`: where a browser without a token for an application is sent. Who has
/// signed in and may come in is sent back with a code. Thread-safe.
final class AppLogin implements Section {
    static final String PATH = "/cdn-cgi/access/login";

    private final Signed signed;
    private final AppTokens appTokens;
    private final Codes codes;
    private final SignIn signIn;

    AppLogin(Signed signed, AppTokens appTokens, Codes codes, SignIn signIn) {
        this.signed = signed;
        this.appTokens = appTokens;
        this.codes = codes;
        this.signIn = signIn;
    }

    /// The address on the auth host for somebody who wants to open something.
    static String url(String authOrigin, Opening opening, Signed signed, Application application) {
        return authOrigin
                + PATH
                + "/"
                + opening.host()
                + "?kid="
                + application.aud()
                + "&meta="
                + opening.seal(signed)
                + "&redirect_url="
                + URLEncoder.encode(opening.path(), StandardCharsets.UTF_8);
    }

    /// What matters of it within the auth host, short enough for [Attempts] to keep.
    ///
    /// @param sealed the opening
    static String path(Opening opening, String sealed) {
        return PATH + "/" + opening.host() + "?meta=" + sealed;
    }

    @Override
    public void handle(AuthExchange exchange) throws IOException {
        String sealed = exchange.query().text("meta");
        Opening opening = Opening.open(signed, sealed);
        Application application =
                opening == null ? null : appTokens.find(opening.host(), opening.path());
        if (opening == null || application == null) {
            exchange.say(400, "This link is too old", "Open the address of the application again.");
            return;
        }
        String here = path(opening, sealed);
        Session session = exchange.session();
        if (session == null) {
            signIn.begin(exchange, here);
            return;
        }
        switch (appTokens.decide(application, session, exchange.visitor())) {
            case Decision.Allow(Policy policy) ->
                    handOver(exchange, opening, application, policy, session);
            case Decision.Bypass(Policy policy) ->
                    handOver(exchange, opening, application, policy, session);
            case Decision.SignIn() -> signIn.begin(exchange, here);
            case Decision.Deny(Policy policy) ->
                    deny(exchange, opening, here, application, policy, session);
        }
    }

    private void handOver(
            AuthExchange exchange,
            Opening opening,
            Application application,
            Policy policy,
            Session session)
            throws IOException {
        AppTokens.Issued issued = appTokens.issue(application, policy, session);
        String code =
                codes.make(
                        new Codes.HandOver(opening, issued.token(), issued.expiresAt()),
                        exchange.visitor().text());
        exchange.redirect("https://" + opening.authority() + AppHost.AUTHORIZED + "?code=" + code);
    }

    private void deny(
            AuthExchange exchange,
            Opening opening,
            String here,
            Application application,
            @Nullable Policy policy,
            Session session)
            throws IOException {
        signIn.denied(exchange, application, opening.host(), policy, session);
        exchange.show(
                403,
                new DeniedPage(
                        opening.host(),
                        application.name(),
                        "The access rules of this application do not let you in.",
                        application.contact(),
                        exchange.requestId(),
                        session.identity().email(),
                        SignIn.next(here)));
    }
}
