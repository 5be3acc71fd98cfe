package dev.culvert.edge.front;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import java.util.Locale;
import java.util.Set;

/// The request as it goes into the tunnel: what a client may not say is taken out, what the edge knows
/// is put in. Stateless.
final class ForwardedRequest {
    /// Identity and routing are the edge's to say; every `cf-` name is, too.
    private static final Set<String> OURS =
            Set.of(
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-real-ip",
                    "forwarded",
                    "x-request-id",
                    "true-client-ip");

    private ForwardedRequest() {}

    private static boolean isOurs(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("cf-") || OURS.contains(lower);
    }

    /// Trailers without what a client may not say: some origins merge them into the header.
    static HeaderList trailers(HeaderList trailers) {
        return trailers.copy().removeIf(ForwardedRequest::isOurs);
    }

    /// @param client the user's address, without port
    /// @param id of the request, in every log
    static StreamRequest of(StreamRequest request, String client, String id) {
        HeaderList headers = request.headers().copy();
        headers.removeIf(ForwardedRequest::isOurs);
        headers.add("X-Forwarded-For", client);
        headers.add("X-Forwarded-Proto", "https");
        headers.add("X-Forwarded-Host", request.authority());
        headers.add("CF-Connecting-IP", client);
        headers.add("CF-Ray", id);
        headers.add("X-Request-Id", id);
        if (!headers.contains("accept-encoding")) {
            // Without one cloudflared's connector asks the origin for gzip and unpacks it here.
            headers.add("Accept-Encoding", "identity");
        }
        return new StreamRequest(
                request.kind(),
                request.method(),
                request.authority(),
                request.path(),
                headers,
                request.endOfBody());
    }
}
