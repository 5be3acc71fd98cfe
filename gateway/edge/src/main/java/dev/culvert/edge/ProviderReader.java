package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.edge.signin.OAuth2Config;
import dev.culvert.edge.signin.OAuth2Config.Endpoints;
import dev.culvert.edge.signin.OAuth2Config.Fields;
import dev.culvert.edge.signin.OidcConfig;
import dev.culvert.edge.signin.ProviderConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `identity.providers` of the edge's configuration. Confined to one thread.
final class ProviderReader {
    private static final int MAX_PROVIDERS = 20;
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?");

    private enum Kind {
        OIDC,
        GITHUB,
        OAUTH2,
        UNKNOWN
    }

    private final Set<String> names = new HashSet<>();

    static List<ProviderConfig> read(ConfigMap identity) {
        ProviderReader reader = new ProviderReader();
        List<ConfigMap> entries = identity.maps("providers");
        if (entries.size() > MAX_PROVIDERS) {
            identity.problem(
                    "providers", entries.size() + " (expected: at most " + MAX_PROVIDERS + ")");
        }
        return entries.stream().map(reader::provider).filter(Objects::nonNull).toList();
    }

    private @Nullable ProviderConfig provider(ConfigMap entry) {
        String name = name(entry);
        Kind kind =
                entry.has("type")
                        ? entry.choice(
                                "type",
                                Kind.UNKNOWN,
                                Map.of(
                                        "oidc", Kind.OIDC,
                                        "github", Kind.GITHUB,
                                        "oauth2", Kind.OAUTH2))
                        : missingType(entry);
        if (kind == Kind.UNKNOWN) {
            return null;
        }
        String title = IdentityValues.title(entry, "title", name);
        ProviderConfig read =
                switch (kind) {
                    case OIDC -> oidc(entry, name, title);
                    case GITHUB -> github(entry, name, title);
                    case OAUTH2 -> oauth2(entry, name, title);
                    case UNKNOWN -> null;
                };
        entry.finish();
        return read;
    }

    private static Kind missingType(ConfigMap entry) {
        entry.problem("type", "missing (expected: github, oauth2, oidc)");
        return Kind.UNKNOWN;
    }

    private String name(ConfigMap entry) {
        String expected = "lower-case letters, digits and inner hyphens, at most 32";
        String name = IdentityValues.required(entry, "name", expected);
        if (name == null) {
            return "";
        }
        if (!NAME.matcher(name).matches()) {
            entry.problem("name", Shown.value(name) + " (expected: " + expected + ")");
        } else if (ProviderConfig.RESERVED_NAMES.contains(name)) {
            entry.problem(
                    "name", Shown.value(name) + " is a login method of the edge; choose another");
        } else if (!names.add(name)) {
            entry.problem("name", Shown.value(name) + " is the name of another provider too");
        }
        return name;
    }

    private static @Nullable ProviderConfig oidc(ConfigMap entry, String name, String title) {
        URI issuer = IdentityValues.requiredHttps(entry, "issuer");
        ProviderConfig.Client client = client(entry, OidcConfig.DEFAULT_SCOPES);
        if (client != null && !client.scopes().contains("openid")) {
            entry.problem("scopes", "openid is missing (expected: with openid)");
        }
        String groups = entry.text("groups_claim");
        List<String> claims = entry.texts("claims");
        boolean verified = entry.bool("require_verified_email", true);
        return issuer == null || client == null
                ? null
                : new OidcConfig(
                        name,
                        title,
                        issuer,
                        client,
                        groups == null ? OidcConfig.DEFAULT_GROUPS_CLAIM : groups,
                        claims,
                        verified);
    }

    /// OAuth 2.0 at GitHub or a GitHub Enterprise Server; its addresses are always verified ones.
    private static @Nullable ProviderConfig github(ConfigMap entry, String name, String title) {
        URI site =
                entry.has("url")
                        ? IdentityValues.https(entry, "url")
                        : URI.create("https://github.com");
        boolean groups = entry.bool("organizations", false);
        ProviderConfig.Client client =
                client(
                        entry,
                        groups
                                ? List.of("read:user", "user:email", "read:org")
                                : List.of("read:user", "user:email"));
        if (site == null || client == null) {
            return null;
        }
        if (!site.getPath().isEmpty()) {
            entry.problem("url", Shown.value(site.toString()) + " (expected: https://HOST)");
        }
        return new OAuth2Config(
                name, title, client, Endpoints.github(site, groups), Fields.USUAL, true);
    }

    private static @Nullable ProviderConfig oauth2(ConfigMap entry, String name, String title) {
        URI authorization = IdentityValues.requiredHttps(entry, "authorization_url");
        URI token = IdentityValues.requiredHttps(entry, "token_url");
        URI user = IdentityValues.requiredHttps(entry, "user_url");
        URI emails = IdentityValues.https(entry, "emails_url");
        ProviderConfig.Client client = client(entry, List.of());
        Fields usual = Fields.USUAL;
        Fields fields =
                new Fields(
                        entry.text("id_field", usual.id()),
                        entry.text("email_field", usual.email()),
                        entry.text("name_field", usual.name()),
                        entry.text("email_verified_field"),
                        entry.text("groups_field"));
        boolean verified = entry.bool("require_verified_email", true);
        if (verified && !entry.has("emails_url") && fields.verified() == null) {
            entry.problem(
                    "email_verified_field",
                    "missing, so no address would count as verified (expected: this, emails_url, or"
                            + " require_verified_email: false where the provider lets nobody choose"
                            + " an address freely)");
        }
        return authorization == null || token == null || user == null || client == null
                ? null
                : new OAuth2Config(
                        name,
                        title,
                        client,
                        new Endpoints(authorization, token, user, emails, null, null),
                        fields,
                        verified);
    }

    private static ProviderConfig.@Nullable Client client(ConfigMap entry, List<String> scopes) {
        String id =
                IdentityValues.required(entry, "client_id", "the id the provider gave the edge");
        List<String> wanted = new ArrayList<>(entry.texts("scopes"));
        for (String scope : wanted) {
            if (scope.isEmpty() || scope.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                entry.problem("scopes", Shown.value(scope) + " (expected: one scope each)");
            }
        }
        ProviderConfig.Client client =
                new ProviderConfig.Client(
                        id == null ? "" : id,
                        IdentityValues.secret(entry, "client_secret"),
                        wanted.isEmpty() ? scopes : wanted,
                        IdentityValues.roots(entry));
        return id == null ? null : client;
    }
}
