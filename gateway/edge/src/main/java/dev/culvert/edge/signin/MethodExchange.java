package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.ContinuePage;
import dev.culvert.edge.pages.Page;
import dev.culvert.edge.web.Form;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.util.Optional;

/// A [SignInExchange] of the auth host. Confined to the thread that handles it.
final class MethodExchange implements SignInExchange {
    private final SignIn signIn;
    private final AuthExchange exchange;
    private final Attempt attempt;
    private final String name;
    private final String rest;

    MethodExchange(
            SignIn signIn, AuthExchange exchange, Attempt attempt, String name, String rest) {
        this.signIn = signIn;
        this.exchange = exchange;
        this.attempt = attempt;
        this.name = name;
        this.rest = rest;
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String rest() {
        return rest;
    }

    @Override
    public Form query() {
        return exchange.query();
    }

    @Override
    public Form form() throws IOException {
        return exchange.form();
    }

    @Override
    public Attempt attempt() {
        return attempt;
    }

    @Override
    public String url(String path) {
        return SignIn.url(exchange, name, path);
    }

    @Override
    public String clientAddress() {
        return exchange.visitor().text();
    }

    @Override
    public String userAgent() {
        return exchange.userAgent();
    }

    @Override
    public String requestId() {
        return exchange.requestId();
    }

    @Override
    public HttpExchange http() {
        return exchange.http();
    }

    @Override
    public void show(int status, Page page) throws IOException {
        exchange.show(status, page);
    }

    @Override
    public void showWaysIn(int status, String message) throws IOException {
        exchange.show(status, signIn.page(attempt, message));
    }

    @Override
    public void redirect(String url) throws IOException {
        exchange.redirect(url);
    }

    @Override
    public void signedIn(Identity identity) throws IOException {
        String destination = signIn.signedIn(exchange, attempt, identity);
        if (destination == null) {
            return;
        }
        if (exchange.isPost()) {
            // It may lead on to another origin, where the answer to a form must not.
            exchange.show(200, new ContinuePage(destination, ""));
        } else {
            exchange.redirect(destination);
        }
    }

    @Override
    public void signedInByScript(Identity identity) throws IOException {
        String destination = signIn.signedIn(exchange, attempt, identity);
        if (destination != null) {
            exchange.json(200, AuthExchange.object().put("next", destination));
        }
    }

    @Override
    public void failed(String who, String reason) {
        signIn.failed(exchange, who, name, reason);
    }

    @Override
    public Optional<Session> session() {
        return Optional.ofNullable(exchange.session());
    }
}
