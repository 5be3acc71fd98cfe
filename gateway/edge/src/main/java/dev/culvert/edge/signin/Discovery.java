package dev.culvert.edge.signin;

import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a provider says of itself (OpenID Connect Discovery 1.0): asked when first needed, never at the
/// start, and again after an hour. While it cannot be asked, what it said last is used for a day; a
/// failure is remembered for 5 s, so that many who wait fail together. Thread-safe; blocking.
final class Discovery {
    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration USABLE = Duration.ofDays(1);
    private static final Duration FAILED = Duration.ofSeconds(5);

    private final URI issuer;
    private final ProviderHttp http;
    private final InstantSource clock;
    private @Nullable Found found;
    private @Nullable ProviderException failure;
    private Instant failedAt = Instant.MIN;

    /// @param keys of `jwks_uri`
    record Found(OIDCProviderMetadata metadata, ProviderKeys keys, Instant at) {}

    Discovery(URI issuer, ProviderHttp http, InstantSource clock) {
        this.issuer = issuer;
        this.http = http;
        this.clock = clock;
    }

    synchronized Found find() throws ProviderException {
        Instant now = clock.instant();
        Found known = found;
        if (known != null && now.isBefore(known.at().plus(FRESH))) {
            return known;
        }
        ProviderException before = failure;
        if (before != null && failedAt.plus(FAILED).isAfter(now)) {
            return orLast(known, now, before);
        }
        try {
            Found fresh = ask(known, now);
            found = fresh;
            failure = null;
            return fresh;
        } catch (ProviderException e) {
            failure = e;
            failedAt = clock.instant();
            return orLast(known, now, e);
        }
    }

    private static Found orLast(@Nullable Found known, Instant now, ProviderException failure)
            throws ProviderException {
        if (known != null && now.isBefore(known.at().plus(USABLE))) {
            return known;
        }
        throw new ProviderException(
                failure.fault(), String.valueOf(failure.getMessage()), failure.shown(), failure);
    }

    private Found ask(@Nullable Found known, Instant now) throws ProviderException {
        try {
            OIDCProviderMetadata metadata =
                    OIDCProviderMetadata.parse(
                            http.retrieveResource(
                                            OIDCProviderMetadata.resolveURL(new Issuer(issuer)))
                                    .getContent());
            check(metadata);
            URI keys = metadata.getJWKSetURI();
            return new Found(
                    metadata,
                    known != null && known.metadata().getJWKSetURI().equals(keys)
                            ? known.keys()
                            : new ProviderKeys(keys, http),
                    now);
        } catch (IOException e) {
            throw ProviderException.unavailable("discovery failed: " + e.getMessage(), e);
        } catch (GeneralException e) {
            throw ProviderException.broken("discovery document is wrong: " + e.getMessage(), e);
        }
    }

    private void check(OIDCProviderMetadata metadata) throws ProviderException {
        if (!metadata.getIssuer().getValue().equals(issuer.toString())) {
            throw ProviderException.broken(
                    "provider says its issuer is "
                            + metadata.getIssuer()
                            + " (expected: "
                            + issuer
                            + ")",
                    null);
        }
        for (URI endpoint :
                Arrays.asList(
                        metadata.getAuthorizationEndpointURI(),
                        metadata.getTokenEndpointURI(),
                        metadata.getJWKSetURI())) {
            if (endpoint == null || !"https".equals(endpoint.getScheme())) {
                throw ProviderException.broken(
                        "discovery document has the endpoint " + endpoint + " (expected: https)",
                        null);
            }
        }
    }
}
