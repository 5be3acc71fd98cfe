package dev.culvert.edge.front;

import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.admission.Principal;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.web.Cookies;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The request as it goes into the tunnel: what a client may not say is taken out, what the edge knows
/// is put in. Stateless.
public final class ForwardedRequest {
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

    /// Where a bastion service is to lead: the one `cf-` name that is a client's to say, and only when it
    /// opens a WebSocket.
    private static final String JUMP_DESTINATION = "cf-access-jump-destination";

    /// Would let whoever reads them come in as the user.
    private static final List<String> ACCESS_COOKIES = List.of(Cookies.TOKEN, Cookies.BROWSER);

    private ForwardedRequest() {}

    private static boolean isOurs(String name) {
        // Origins of the CGI kind read an underscore as a hyphen.
        switch (name.isEmpty() ? ' ' : name.charAt(0) | 0x20) {
            case 'c', 'x', 'f', 't' -> {
                String lower = name.toLowerCase(Locale.ROOT).replace('_', '-');
                return lower.startsWith("cf-") || OURS.contains(lower);
            }
            // None of ours begins with another letter.
            default -> {
                return false;
            }
        }
    }

    private static boolean isJump(String name) {
        return name.equalsIgnoreCase(JUMP_DESTINATION);
    }

    /// Trailers without what a client may not say: some origins merge them into the header.
    static HeaderList trailers(HeaderList trailers) {
        return trailers.copy().removeIf(ForwardedRequest::isOurs);
    }

    /// @param client the user's address, without port
    /// @param id of the request, in every log
    /// @param grant that let it in, null when it is in no application
    public static StreamRequest of(
            StreamRequest request, String client, String id, @Nullable Grant grant) {
        HeaderList headers = request.headers().copy();
        String authority = withoutFinalDot(request);
        boolean mayJump = request.kind() == StreamKind.WEBSOCKET;
        headers.removeIf(name -> isOurs(name) && !(mayJump && isJump(name)));
        Cookies.strip(headers, ACCESS_COOKIES);
        if (grant != null) {
            tell(headers, grant);
        }
        headers.add("X-Forwarded-For", client);
        headers.add("X-Forwarded-Proto", "https");
        headers.add("X-Forwarded-Host", authority);
        headers.add("CF-Connecting-IP", client);
        headers.add("CF-Ray", id);
        headers.add("CF-Visitor", "{\"scheme\":\"https\"}");
        headers.add("X-Request-Id", id);
        if (!headers.contains("accept-encoding")) {
            // Without one cloudflared's connector asks the origin for gzip and unpacks it here.
            headers.add("Accept-Encoding", "identity");
        }
        return new StreamRequest(
                request.kind(),
                request.method(),
                authority,
                request.path(),
                headers,
                request.endOfBody());
    }

    private static void tell(HeaderList headers, Grant grant) {
        String assertion = grant.use().assertion();
        if (assertion != null) {
            headers.add("Cf-Access-Jwt-Assertion", assertion);
        }
        if (grant.principal() instanceof Principal.Person(Session session)) {
            headers.add("Cf-Access-Authenticated-User-Email", session.identity().email());
        }
    }

    /// `example.com.` is the same host as `example.com`, but ingress rules compare text.
    private static String withoutFinalDot(StreamRequest request) {
        String host = request.host();
        String port = request.authority().substring(host.length());
        return host.endsWith(".")
                ? host.substring(0, host.length() - 1) + port
                : request.authority();
    }
}
