package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.CodePage;
import dev.culvert.edge.pages.MessagePage;
import dev.culvert.edge.pages.Page;
import dev.culvert.edge.web.Form;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.policy.Identity;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A browser at one login method: its attempt, and what came of each request.
final class TestBrowser {
    static final String ORIGIN = "https://auth.example.com";

    final Attempt attempt = new Attempt("attempt", "/", Instant.EPOCH);
    final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final LoginMethod method;
    private final String address;

    /// What a request led to; exactly one of identity, redirect and page is not null.
    record Outcome(Identity identity, String redirect, int status, Page page) {
        String text() {
            return switch (page) {
                case MessagePage message -> message.title() + ": " + message.text();
                case CodePage code -> String.valueOf(code.message());
                case null, default -> String.valueOf(page);
            };
        }
    }

    TestBrowser(LoginMethod method) {
        this(method, "192.0.2.1");
    }

    TestBrowser(LoginMethod method, String address) {
        this.method = method;
        this.address = address;
    }

    String url(String rest) {
        return ORIGIN + "/cdn-cgi/access/signin/" + method.name() + rest;
    }

    Outcome get(String rest) throws Exception {
        int query = rest.indexOf('?');
        return request("GET", query < 0 ? rest : rest.substring(0, query), rest, "");
    }

    /// Follows a link that a provider gave.
    Outcome open(String url) throws Exception {
        URI uri = URI.create(url);
        String base = URI.create(url("")).getPath();
        return get(uri.getPath().substring(base.length()) + "?" + uri.getRawQuery());
    }

    Outcome post(String rest, Map<String, String> fields) throws Exception {
        return request(
                "POST",
                rest,
                rest,
                fields.entrySet().stream()
                        .map(e ->
                                e.getKey()
                                        + "="
                                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    private Outcome request(String verb, String rest, String path, String body) throws Exception {
        Exchange exchange = new Exchange(verb, rest, Form.ofQuery(path), body);
        method.handle(exchange);
        if (exchange.outcomes.size() != 1) {
            throw new AssertionError("answered " + exchange.outcomes.size() + " times");
        }
        return exchange.outcomes.getFirst();
    }

    private final class Exchange implements SignInExchange {
        private final List<Outcome> outcomes = new ArrayList<>();
        private final String verb;
        private final String rest;
        private final Form query;
        private final String body;

        Exchange(String verb, String rest, Form query, String body) {
            this.verb = verb;
            this.rest = rest;
            this.query = query;
            this.body = body;
        }

        @Override
        public String method() {
            return verb;
        }

        @Override
        public String rest() {
            return rest;
        }

        @Override
        public Form query() {
            return query;
        }

        @Override
        public Form form() {
            return Form.ofQuery("?" + body);
        }

        @Override
        public Attempt attempt() {
            return attempt;
        }

        @Override
        public String url(String below) {
            return TestBrowser.this.url(below);
        }

        @Override
        public String clientAddress() {
            return address;
        }

        @Override
        public String userAgent() {
            return "test";
        }

        @Override
        public String requestId() {
            return "request-1";
        }

        @Override
        public HttpExchange http() {
            throw new AssertionError("not a login method that answers itself");
        }

        @Override
        public void show(int status, Page page) {
            outcomes.add(new Outcome(null, null, status, page));
        }

        @Override
        public void showWaysIn(int status, String message) {
            show(status, new MessagePage("Sign in", message, null, null));
        }

        @Override
        public void redirect(String url) {
            outcomes.add(new Outcome(null, url, 303, null));
        }

        @Override
        public void signedIn(Identity identity) {
            outcomes.add(new Outcome(identity, null, 303, null));
        }

        @Override
        public void signedInByScript(Identity identity) {
            signedIn(identity);
        }

        @Override
        public void failed(String who, String reason) {
            failures.add(who + "|" + reason);
        }

        @Override
        public Optional<Session> session() {
            return Optional.empty();
        }
    }
}
