package dev.culvert.edge.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoErrorResponse;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.IDTokenClaimsVerifier;
import dev.culvert.edge.signin.Discovery.Found;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A provider of OpenID Connect (Core 1.0, code flow with PKCE).
///
/// The ID token is checked as section 3.1.3.7 says: signature by one of the provider's keys, issuer,
/// audience, authorised party, times with a minute of tolerance, nonce. What it does not say is asked at
/// the userinfo endpoint, whose `sub` must be the token's.
final class OidcProvider implements Provider {
    private static final int SKEW_SECONDS = 60;

    private final OidcConfig config;
    private final ClientID client;
    private final ProviderHttp http;
    private final Discovery discovery;

    OidcProvider(OidcConfig config, InstantSource clock) throws IOException {
        this(config, new ProviderHttp(config.client().roots()), clock);
    }

    OidcProvider(OidcConfig config, ProviderHttp http, InstantSource clock) {
        this.config = config;
        this.client = new ClientID(config.client().id());
        this.http = http;
        this.discovery = new Discovery(config.issuer(), http, clock);
    }

    @Override
    public ProviderConfig config() {
        return config;
    }

    @Override
    public URI authorization(Flow flow, URI back) throws ProviderException {
        return new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope(config.client().scopes().toArray(new String[0])),
                        client,
                        back)
                .endpointURI(discovery.find().metadata().getAuthorizationEndpointURI())
                .state(flow.state())
                .nonce(flow.nonce())
                .codeChallenge(flow.verifier(), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    @Override
    public Identity identity(Flow flow, URI back, Answer answer) throws ProviderException {
        Found found = discovery.find();
        checkIssuer(found.metadata(), answer.issuer());
        OIDCTokens tokens = tokens(found.metadata(), flow, back, answer.code());
        JWTClaimsSet claims = verified(tokens.getIDToken(), found, flow);
        ProviderClaims token = new ProviderClaims(claims.getClaims());
        ProviderClaims user =
                isComplete(token) ? token : asked(found.metadata(), tokens, claims.getSubject());
        return identity(claims.getSubject(), token, user);
    }

    /// RFC 9207: an answer of another provider must not be taken for this one's.
    private void checkIssuer(OIDCProviderMetadata metadata, String issuer)
            throws ProviderException {
        boolean expected = !issuer.isEmpty() || metadata.supportsAuthorizationResponseIssuerParam();
        if (expected && !issuer.equals(config.issuer().toString())) {
            throw ProviderException.broken(
                    "the answer is of the issuer \""
                            + issuer
                            + "\" (expected: "
                            + config.issuer()
                            + ")",
                    null);
        }
    }

    private OIDCTokens tokens(OIDCProviderMetadata metadata, Flow flow, URI back, String code)
            throws ProviderException {
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(new AuthorizationCode(code), back, flow.verifier());
        try {
            TokenResponse response =
                    OIDCTokenResponseParser.parse(
                            tokenRequest(metadata, grant).toHTTPRequest().send(http));
            if (!response.indicatesSuccess()) {
                throw codeRefused(response.toErrorResponse().getErrorObject());
            }
            OIDCTokens tokens = response.toSuccessResponse().getTokens().toOIDCTokens();
            if (tokens.getIDToken() == null) {
                throw ProviderException.broken("token endpoint gave no ID token", null);
            }
            return tokens;
        } catch (IOException e) {
            throw ProviderException.unavailable("token endpoint: " + e.getMessage(), e);
        } catch (ParseException e) {
            throw ProviderException.broken("token endpoint's answer: " + e.getMessage(), e);
        }
    }

    private TokenRequest tokenRequest(OIDCProviderMetadata metadata, AuthorizationCodeGrant grant) {
        URI endpoint = metadata.getTokenEndpointURI();
        Secret secret = config.client().secret();
        if (secret == null) {
            return new TokenRequest.Builder(endpoint, client, grant).build();
        }
        com.nimbusds.oauth2.sdk.auth.Secret shared =
                new com.nimbusds.oauth2.sdk.auth.Secret(secret.value());
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        boolean basic =
                methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
        return new TokenRequest.Builder(
                        endpoint,
                        basic
                                ? new ClientSecretBasic(client, shared)
                                : new ClientSecretPost(client, shared),
                        grant)
                .build();
    }

    static ProviderException codeRefused(@Nullable ErrorObject error) {
        String code = error == null ? null : error.getCode();
        String reason = "token endpoint refused the code: " + ProviderErrors.code(code);
        return "invalid_grant".equals(code)
                ? ProviderException.refused(
                        reason, "This sign-in was used already, or took too long. Begin again.")
                : ProviderException.broken(reason, null);
    }

    private JWTClaimsSet verified(JWT token, Found found, Flow flow) throws ProviderException {
        IDTokenClaimsVerifier claims =
                new IDTokenClaimsVerifier(
                        found.metadata().getIssuer(), client, flow.nonce(), SKEW_SECONDS);
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(found.keys());
        processor.setJWSVerifierFactory(found.keys());
        processor.setJWTClaimsSetVerifier((read, context) -> {
            claims.verify(read, context);
            checkParty(read);
        });
        try {
            return processor.process(token, null);
        } catch (BadJOSEException e) {
            throw ProviderException.broken("ID token refused: " + e.getMessage(), e);
        } catch (JOSEException e) {
            throw ProviderException.unavailable("keys of the provider: " + e.getMessage(), e);
        }
    }

    /// Nimbus looks at `azp` only where there are several audiences.
    private void checkParty(JWTClaimsSet claims) throws BadJWTException {
        Object party = claims.getClaim("azp");
        if (party != null && !party.equals(client.getValue())) {
            throw new BadJWTException("the authorised party is another");
        }
    }

    private boolean isComplete(ProviderClaims token) {
        return hasUsableEmail(token)
                && token.has(config.groupsClaim())
                && config.claims().stream().allMatch(token::has);
    }

    private boolean hasUsableEmail(ProviderClaims claims) {
        return claims.has("email")
                && (!config.requireVerifiedEmail() || claims.has("email_verified"));
    }

    /// The token's claims, and those of the userinfo endpoint that it does not have.
    private ProviderClaims asked(OIDCProviderMetadata metadata, OIDCTokens tokens, String subject)
            throws ProviderException {
        URI endpoint = metadata.getUserInfoEndpointURI();
        if (endpoint == null || !(tokens.getAccessToken() instanceof BearerAccessToken access)) {
            return new ProviderClaims(Map.of());
        }
        try {
            UserInfoResponse response =
                    UserInfoResponse.parse(
                            new UserInfoRequest(endpoint, access).toHTTPRequest().send(http));
            if (response instanceof UserInfoErrorResponse error) {
                throw ProviderException.broken(
                        "userinfo endpoint answers "
                                + ProviderErrors.code(error.getErrorObject().getCode()),
                        null);
            }
            var user = response.toSuccessResponse().getUserInfo();
            if (user == null || !subject.equals(user.getSubject().getValue())) {
                throw ProviderException.broken(
                        "userinfo endpoint told of somebody else, or not in JSON", null);
            }
            return new ProviderClaims(new HashMap<>(user.toJSONObject()));
        } catch (IOException e) {
            throw ProviderException.unavailable("userinfo endpoint: " + e.getMessage(), e);
        } catch (ParseException e) {
            throw ProviderException.broken("userinfo endpoint's answer: " + e.getMessage(), e);
        }
    }

    private Identity identity(String subject, ProviderClaims token, ProviderClaims user)
            throws ProviderException {
        ProviderClaims mail = hasUsableEmail(token) ? token : user;
        String email =
                VerifiedEmail.of(
                        mail.text("email"),
                        !config.requireVerifiedEmail() || mail.isTrue("email_verified"));
        Map<String, List<String>> claims = new LinkedHashMap<>();
        for (String claim : config.claims()) {
            List<String> values = either(token, user, claim);
            if (!values.isEmpty()) {
                claims.put(claim, List.copyOf(values));
            }
        }
        String name = token.has("name") ? token.text("name") : user.text("name");
        return new Identity(
                config.name() + ":" + subject,
                email,
                name == null || name.isBlank() ? email : name,
                config.name(),
                new ArrayList<>(token.texts("amr")),
                either(token, user, config.groupsClaim()),
                claims);
    }

    private static List<String> either(ProviderClaims token, ProviderClaims user, String claim)
            throws ProviderException {
        return (token.has(claim) ? token : user).texts(claim);
    }
}
