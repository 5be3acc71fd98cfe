package dev.culvert.edge.admin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.state.Route;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.policy.Application;
import dev.culvert.policy.Caller;
import dev.culvert.policy.Explanation;
import dev.culvert.policy.Identity;
import dev.culvert.policy.PolicyEngine;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the rules in force would say of somebody. Thread-safe. Blocking: virtual threads only.
public final class PolicyQuestions {
    private static final String ANYONE = "anyone";
    private static final String HERE = "127.0.0.1";

    private final AccessParts parts;

    /// @param user e-mail address, name of a service token, or `anyone`
    /// @param host a port counts not
    /// @param path empty for `/`
    /// @param address empty for the one of the user's session
    /// @param at null for now
    public record Question(
            String user, String host, String path, String address, @Nullable Instant at) {}

    /// @param allowed whether the request would reach its origin
    /// @param headline one sentence
    /// @param explanation null when the request is in no application
    /// @param text all of it, for a terminal
    /// @param assumed what was taken to be true for want of knowledge
    public record Explained(
            boolean allowed,
            String headline,
            @Nullable Explanation explanation,
            String text,
            List<String> assumed) {
        public Explained {
            assumed = List.copyOf(assumed);
        }
    }

    public PolicyQuestions(AccessParts parts) {
        this.parts = parts;
    }

    public Explained explain(Question question) throws StateException {
        List<String> assumed = new ArrayList<>();
        String host = host(question.host());
        String path = question.path().isEmpty() ? "/" : question.path();
        if (!path.startsWith("/")) {
            throw invalid("path " + StateException.quoted(path) + " (expected: it begins with /)");
        }
        Caller caller = caller(question, assumed);
        PolicyEngine engine = parts.rules().engine();
        Application application = engine.find(host, path);
        Route route = parts.state().directory().route(host);
        if (route == null) {
            assumed.add("a route leads " + host + " to a tunnel: there is none now");
        }
        if (application == null) {
            return unprotected(host, route, assumed);
        }
        if (application == PolicyEngine.UNCLEAR) {
            String headline =
                    "Denied to everybody: origins read this path in different ways, which lead to"
                            + " different applications";
            return new Explained(false, headline, null, headline, assumed);
        }
        Explanation explanation = engine.explain(application, caller);
        return new Explained(
                Headlines.allowed(explanation),
                Headlines.of(explanation),
                explanation,
                explanation.text(),
                assumed);
    }

    private static Explained unprotected(String host, @Nullable Route route, List<String> assumed) {
        boolean open = route != null && route.isPublic();
        String headline =
                open
                        ? host
                                + " is in no application, and its route is public: everybody comes"
                                + " in"
                        : host + " is in no application, and no public route: nobody comes in";
        return new Explained(open, headline, null, headline, assumed);
    }

    static String host(String text) throws StateException {
        String host = text.strip().toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        host = colon > 0 ? host.substring(0, colon) : host;
        host = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (host.isEmpty() || host.contains("/")) {
            throw invalid("host " + StateException.quoted(text) + " (expected: such as a.example)");
        }
        return host;
    }

    private Caller caller(Question question, List<String> assumed) throws StateException {
        String user = question.user().strip();
        Instant at = question.at() == null ? Instant.now() : question.at();
        Identity identity = null;
        String machine = null;
        String from = question.address().strip();
        if (user.contains("@")) {
            People.Known known = new People(parts).of(user);
            identity = known.identity();
            if (known.assumed() != null) {
                assumed.add(known.assumed());
            }
            Session session = known.session();
            if (from.isEmpty() && session != null) {
                from = session.address();
                assumed.add("the address is that of the last session, " + from);
            }
        } else if (!user.isEmpty() && !user.equals(ANYONE)) {
            machine = machine(user);
        }
        if (from.isEmpty()) {
            from = HERE;
            assumed.add("the address is " + HERE);
        }
        return new Caller(identity, machine, null, address(from), null, at);
    }

    private String machine(String name) throws StateException {
        if (parts.serviceTokens().list().stream().noneMatch(token -> token.name().equals(name))) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "no service token is called "
                            + StateException.quoted(name)
                            + " (expected: an e-mail address, a service token's name, or anyone)",
                    "see which there are with: gateway service-token list");
        }
        return name;
    }

    static InetAddress address(String text) throws StateException {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    "address " + StateException.quoted(text) + " (expected: such as 192.0.2.7)");
        }
    }

    private static StateException invalid(String message) {
        return new StateException(Code.INVALID, message, "correct it");
    }
}
