package dev.culvert.edge.signin;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A provider of OAuth 2.0 that tells who somebody is by an address of its own, as GitHub does.
/// Immutable.
///
/// @param endpoints where it is asked
/// @param fields what its answer about a user calls things
/// @param requireVerifiedEmail whether an address counts only when the provider says it is verified
public record OAuth2Config(
        String name,
        String title,
        Client client,
        Endpoints endpoints,
        Fields fields,
        boolean requireVerifiedEmail)
        implements ProviderConfig {

    /// Where a provider is asked; all `https`. Immutable.
    ///
    /// @param user JSON object about the user
    /// @param emails list of `{email, primary, verified}`; null when the object has the address
    /// @param organizations list of `{login}`, which become groups; null when not asked
    /// @param teams list of `{slug, organization: {login}}`, groups `login/slug`; null when not asked
    public record Endpoints(
            URI authorization,
            URI token,
            URI user,
            @Nullable URI emails,
            @Nullable URI organizations,
            @Nullable URI teams) {

        /// GitHub's, or those of a GitHub Enterprise Server.
        ///
        /// @param site such as `https://github.com`
        /// @param groups whether organisations and teams are asked
        public static Endpoints github(URI site, boolean groups) {
            String base = site.toString();
            String api =
                    base.equals("https://github.com") ? "https://api.github.com" : base + "/api/v3";
            return new Endpoints(
                    URI.create(base + "/login/oauth/authorize"),
                    URI.create(base + "/login/oauth/access_token"),
                    URI.create(api + "/user"),
                    URI.create(api + "/user/emails"),
                    groups ? URI.create(api + "/user/orgs") : null,
                    groups ? URI.create(api + "/user/teams") : null);
        }
    }

    /// Names in the JSON object about a user. Immutable.
    ///
    /// @param id what never changes, text or a number
    /// @param verified `true` there means that the address is verified; null when there is no such thing
    /// @param groups a list or one text; null when there are none
    public record Fields(
            String id,
            String email,
            String name,
            @Nullable String verified,
            @Nullable String groups) {
        public static final Fields USUAL = new Fields("id", "email", "name", null, null);
    }
}
