package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.edge.identity.EmailAddress;
import dev.culvert.edge.signin.IdentityConfig;
import dev.culvert.edge.signin.MailConfig;
import dev.culvert.edge.signin.PinConfig;
import dev.culvert.edge.signin.ProviderConfig;
import dev.culvert.edge.state.Hostname;
import dev.culvert.edge.state.StateException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `identity` of the edge's configuration. Stateless.
final class IdentityReader {
    private static final Duration SHORTEST_SESSION = Duration.ofMinutes(1);
    private static final Duration LONGEST_SESSION = Duration.ofDays(30);

    private IdentityReader() {}

    static IdentityConfig read(ConfigMap file) {
        ConfigMap identity = file.map("identity");
        if (identity == null) {
            return IdentityConfig.DEFAULT;
        }
        boolean local = identity.bool("local", true);
        Duration session =
                identity.duration(
                        "session_duration",
                        IdentityConfig.DEFAULT_SESSION,
                        SHORTEST_SESSION,
                        LONGEST_SESSION);
        PinConfig pin = pin(identity);
        MailConfig mail = MailReader.read(identity);
        List<ProviderConfig> providers = ProviderReader.read(identity);
        if (identity.has("pin") && !identity.has("mail")) {
            identity.problem("pin", "needs a mail server (expected: identity.mail)");
        }
        if (!local && !identity.has("pin") && !identity.has("providers")) {
            identity.problem("local", "false without pin and providers: nobody could sign in");
        }
        identity.finish();
        return new IdentityConfig(local, session, pin, mail, providers);
    }

    private static @Nullable PinConfig pin(ConfigMap identity) {
        ConfigMap pin = identity.map("pin");
        if (pin == null) {
            return null;
        }
        Set<String> domains = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        List<String> allowed = pin.texts("allowed");
        for (String text : allowed) {
            String address = EmailAddress.normal(text);
            String domain = address == null ? domain(text) : null;
            if (address != null) {
                addresses.add(address);
            } else if (domain != null) {
                domains.add(domain);
            } else {
                pin.problem(
                        "allowed",
                        Shown.value(text) + " (expected: a mail domain or a whole address)");
            }
        }
        if (allowed.isEmpty()) {
            pin.problem(
                    "allowed",
                    "missing: codes would go to nobody (expected: domains or whole addresses)");
        }
        pin.finish();
        return new PinConfig(domains, addresses);
    }

    private static @Nullable String domain(String text) {
        try {
            Hostname host = Hostname.parse(text);
            return host.isWildcard() ? null : host.text();
        } catch (StateException e) {
            return null;
        }
    }
}
