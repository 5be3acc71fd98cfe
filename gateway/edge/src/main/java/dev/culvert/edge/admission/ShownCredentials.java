package dev.culvert.edge.admission;

import dev.culvert.edge.web.Cookies;
import dev.culvert.protocols.stream.HeaderList;
import org.jspecify.annotations.Nullable;

/// What a request shows to come in. Immutable; holds secrets.
///
/// @param token an application token, null when none is shown
/// @param isCookie whether the token came as a cookie, which browsers add by themselves
/// @param serviceId of a service token, null when none is shown
record ShownCredentials(
        @Nullable String token,
        boolean isCookie,
        @Nullable String serviceId,
        @Nullable String serviceSecret) {
    static ShownCredentials of(HeaderList headers) {
        String id = headers.first("cf-access-client-id");
        String secret = headers.first("cf-access-client-secret");
        boolean service = id != null && secret != null;
        return new ShownCredentials(
                Cookies.token(headers),
                !headers.contains("cf-access-token"),
                service ? id : null,
                service ? secret : null);
    }

    @Override
    public String toString() {
        return "ShownCredentials[token="
                + (token != null)
                + ", cookie="
                + isCookie
                + ", service="
                + (serviceId != null)
                + "]";
    }
}
