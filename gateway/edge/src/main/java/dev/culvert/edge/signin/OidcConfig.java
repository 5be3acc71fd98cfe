package dev.culvert.edge.signin;

import java.net.URI;
import java.util.List;

/// A provider of OpenID Connect with discovery. Immutable.
///
/// @param issuer exactly as the provider's tokens say it
/// @param groupsClaim the claim with the groups, a list or one text
/// @param claims further claims that policies may ask for
/// @param requireVerifiedEmail whether an address counts only with `email_verified: true`
public record OidcConfig(
        String name,
        String title,
        URI issuer,
        Client client,
        String groupsClaim,
        List<String> claims,
        boolean requireVerifiedEmail)
        implements ProviderConfig {
    public static final List<String> DEFAULT_SCOPES = List.of("openid", "email", "profile");
    public static final String DEFAULT_GROUPS_CLAIM = "groups";

    public OidcConfig {
        claims = List.copyOf(claims);
    }
}
