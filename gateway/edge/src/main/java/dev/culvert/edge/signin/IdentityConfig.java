package dev.culvert.edge.signin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How people sign in: `identity` of the edge's configuration. Immutable.
///
/// @param local whether users the edge itself keeps may sign in
/// @param sessionDuration of a global session
/// @param pin codes by mail; null when nobody gets one
/// @param mail how mails are sent; null when there are none
/// @param providers in the order in which the sign-in page shows them
public record IdentityConfig(
        boolean local,
        Duration sessionDuration,
        @Nullable PinConfig pin,
        @Nullable MailConfig mail,
        List<ProviderConfig> providers) {
    public static final Duration DEFAULT_SESSION = Duration.ofHours(24);

    /// Local users only.
    public static final IdentityConfig DEFAULT =
            new IdentityConfig(true, DEFAULT_SESSION, null, null, List.of());

    public IdentityConfig {
        providers = List.copyOf(providers);
    }

    /// Of all login methods, as policies write them, in the order of the sign-in page.
    public List<String> names() {
        List<String> names = new ArrayList<>();
        if (local) {
            names.add("local");
        }
        if (pin != null) {
            names.add("pin");
        }
        providers.forEach(provider -> names.add(provider.name()));
        return names;
    }
}
