package dev.culvert.policy;

import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.SshSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules and callers for tests.
final class Samples {
    /// A Wednesday, 10:00 in Berlin.
    static final Instant NOW = Instant.parse("2026-01-14T09:00:00Z");

    private Samples() {}

    /// @param places such as `example.com/admin`
    static Application application(String name, List<String> places, Policy... policies) {
        return application(name, places, List.of(), policies);
    }

    static Application application(
            String name, List<String> places, List<String> loginMethods, Policy... policies) {
        return new Application(
                name,
                "0".repeat(64),
                places.stream().map(Samples::place).toList(),
                Application.Kind.WEB,
                Duration.ofHours(24),
                loginMethods,
                List.of(policies),
                true,
                null,
                false,
                false,
                SshSettings.DEFAULT,
                DesktopSettings.DEFAULT);
    }

    private static Application.Place place(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new Application.Place(text, "/")
                : new Application.Place(text.substring(0, slash), text.substring(slash));
    }

    static Policy policy(Policy.Action action, Selector... include) {
        return new Policy(
                action.name().toLowerCase(java.util.Locale.ROOT), action, include(include), null);
    }

    static Conditions include(Selector... selectors) {
        return new Conditions(List.of(selectors), List.of(), List.of());
    }

    static Identity person(String email, String loginMethod) {
        return new Identity(
                email, email, email, loginMethod, List.of("pwd"), List.of("admins"), Map.of());
    }

    static Caller nobody() {
        return caller(null, null);
    }

    static Caller caller(@Nullable Identity identity, @Nullable String serviceToken) {
        return new Caller(
                identity, serviceToken, null, InetAddress.ofLiteral("203.0.113.7"), null, NOW);
    }

    static PolicyEngine engine(Application... applications) {
        return new PolicyEngine(new AccessRules(List.of(), List.of(applications)));
    }
}
