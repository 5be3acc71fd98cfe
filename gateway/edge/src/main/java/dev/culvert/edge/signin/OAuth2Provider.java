package dev.culvert.edge.signin;

import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.util.JSONArrayUtils;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A provider of OAuth 2.0 (RFC 6749, code flow with PKCE) that tells who somebody is by addresses of its
/// own, as GitHub does. The edge shows its secret in the form, the one way GitHub documents.
final class OAuth2Provider implements Provider {
    private static final int PAGE = 100;
    private static final int MAX_PAGES = 10;

    private final OAuth2Config config;
    private final ClientID client;
    private final ProviderHttp http;

    OAuth2Provider(OAuth2Config config) throws IOException {
        this.config = config;
        this.client = new ClientID(config.client().id());
        this.http = new ProviderHttp(config.client().roots());
    }

    @Override
    public ProviderConfig config() {
        return config;
    }

    @Override
    public URI authorization(Flow flow, URI back) {
        AuthorizationRequest.Builder request =
                new AuthorizationRequest.Builder(ResponseType.CODE, client)
                        .endpointURI(config.endpoints().authorization())
                        .redirectionURI(back)
                        .state(flow.state())
                        .codeChallenge(flow.verifier(), CodeChallengeMethod.S256);
        List<String> scopes = config.client().scopes();
        if (!scopes.isEmpty()) {
            request.scope(new Scope(scopes.toArray(new String[0])));
        }
        return request.build().toURI();
    }

    @Override
    public Identity identity(Flow flow, URI back, Answer answer) throws ProviderException {
        try {
            BearerAccessToken access = token(flow, back, answer.code());
            ProviderClaims user =
                    new ProviderClaims(
                            new HashMap<>(
                                    JSONObjectUtils.parse(get(config.endpoints().user(), access))));
            return identity(user, access);
        } catch (IOException e) {
            throw ProviderException.unavailable(e.getMessage() + "", e);
        } catch (ParseException e) {
            throw ProviderException.broken("the provider's answer: " + e.getMessage(), e);
        }
    }

    private BearerAccessToken token(Flow flow, URI back, String code)
            throws IOException, ParseException, ProviderException {
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(new AuthorizationCode(code), back, flow.verifier());
        URI endpoint = config.endpoints().token();
        Secret secret = config.client().secret();
        TokenRequest request =
                secret == null
                        ? new TokenRequest.Builder(endpoint, client, grant).build()
                        : new TokenRequest.Builder(
                                        endpoint,
                                        new ClientSecretPost(
                                                client,
                                                new com.nimbusds.oauth2.sdk.auth.Secret(
                                                        secret.value())),
                                        grant)
                                .build();
        HTTPRequest asked = request.toHTTPRequest();
        asked.setAccept("application/json");
        return token(asked.send(http));
    }

    /// GitHub refuses with status 200 and an `error`.
    private static BearerAccessToken token(HTTPResponse response)
            throws ParseException, ProviderException {
        if (response.getStatusCode() >= 500) {
            throw ProviderException.unavailable(
                    "token endpoint answers " + response.getStatusCode(), null);
        }
        Map<String, Object> answer = JSONObjectUtils.parse(response.getBody());
        if (answer.get("error") instanceof String error) {
            throw OidcProvider.codeRefused(
                    new ErrorObject(
                            error.equals("bad_verification_code") ? "invalid_grant" : error));
        }
        if (response.getStatusCode() != 200) {
            throw ProviderException.broken(
                    "token endpoint answers " + response.getStatusCode(), null);
        }
        return AccessTokenResponse.parse(JSONObjectUtils.parse(response.getBody()))
                .getTokens()
                .getBearerAccessToken();
    }

    private Identity identity(ProviderClaims user, BearerAccessToken access)
            throws IOException, ParseException, ProviderException {
        OAuth2Config.Fields fields = config.fields();
        String id = user.text(fields.id());
        if (id == null || id.isBlank()) {
            throw ProviderException.broken("the user has no \"" + fields.id() + "\"", null);
        }
        String email = email(user, access);
        String name = user.text(fields.name());
        return new Identity(
                config.name() + ":" + id,
                email,
                name == null || name.isBlank() ? email : name,
                config.name(),
                List.of(),
                groups(user, access),
                Map.of());
    }

    private String email(ProviderClaims user, BearerAccessToken access)
            throws IOException, ParseException, ProviderException {
        URI emails = config.endpoints().emails();
        if (emails == null) {
            String verified = config.fields().verified();
            return VerifiedEmail.of(
                    user.text(config.fields().email()),
                    !config.requireVerifiedEmail() || (verified != null && user.isTrue(verified)));
        }
        for (ProviderClaims entry : list(emails, access)) {
            if (entry.isTrue("primary")) {
                return VerifiedEmail.of(
                        entry.text("email"),
                        !config.requireVerifiedEmail() || entry.isTrue("verified"));
            }
        }
        return VerifiedEmail.of(null, false);
    }

    private List<String> groups(ProviderClaims user, BearerAccessToken access)
            throws IOException, ParseException, ProviderException {
        List<String> groups = new ArrayList<>();
        String field = config.fields().groups();
        if (field != null) {
            groups.addAll(user.texts(field));
        }
        for (ProviderClaims organization : list(config.endpoints().organizations(), access)) {
            String login = organization.text("login");
            if (login != null) {
                groups.add(login);
            }
        }
        for (ProviderClaims team : list(config.endpoints().teams(), access)) {
            String slug = team.text("slug");
            if (slug != null && team.values().get("organization") instanceof Map<?, ?> owner) {
                groups.add(owner.get("login") + "/" + slug);
            }
        }
        return groups;
    }

    /// All entries of a list that comes in pages, as GitHub's do; a server that knows no pages gives all
    /// of a short list at once.
    private List<ProviderClaims> list(@Nullable URI address, BearerAccessToken access)
            throws IOException, ParseException, ProviderException {
        List<ProviderClaims> entries = new ArrayList<>();
        if (address == null) {
            return entries;
        }
        for (int page = 1; page <= MAX_PAGES; page++) {
            List<?> some =
                    JSONArrayUtils.parse(
                            get(
                                    URI.create(address + "?per_page=" + PAGE + "&page=" + page),
                                    access));
            for (Object entry : some) {
                if (entry instanceof Map<?, ?> map) {
                    Map<String, Object> values = new HashMap<>();
                    map.forEach((key, value) -> values.put(String.valueOf(key), value));
                    entries.add(new ProviderClaims(values));
                }
            }
            if (some.size() < PAGE) {
                return entries;
            }
        }
        throw ProviderException.broken(
                address + " has " + MAX_PAGES * PAGE + " entries or more", null);
    }

    private String get(URI address, BearerAccessToken access)
            throws IOException, ProviderException {
        HTTPRequest request = new HTTPRequest(HTTPRequest.Method.GET, address);
        request.setAccept("application/json");
        request.setAuthorization(access.toAuthorizationHeader());
        HTTPResponse response = request.send(http);
        int status = response.getStatusCode();
        if (status == 200) {
            return response.getBody();
        }
        String reason = address.getPath() + " answers " + status;
        throw status == 429 || status >= 500
                ? ProviderException.unavailable(reason, null)
                : ProviderException.broken(reason, null);
    }
}
