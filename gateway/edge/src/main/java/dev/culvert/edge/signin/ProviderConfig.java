package dev.culvert.edge.signin;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An identity provider people sign in with.
public sealed interface ProviderConfig permits OidcConfig, OAuth2Config {
    /// Names that no provider may have: the login methods of the edge itself.
    List<String> RESERVED_NAMES = List.of("local", "pin");

    /// The login method's name, as policies write it: lower-case letters, digits, hyphens.
    String name();

    /// On the button.
    String title();

    Client client();

    /// The edge as the provider knows it. Immutable.
    ///
    /// @param secret null for a public client, which PKCE protects alone
    /// @param roots whose certificates the provider's must come from; empty for the system's
    record Client(
            String id, @Nullable Secret secret, List<String> scopes, List<X509Certificate> roots) {
        public Client {
            scopes = List.copyOf(scopes);
            roots = List.copyOf(roots);
        }
    }
}
