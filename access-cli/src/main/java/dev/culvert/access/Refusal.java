package dev.culvert.access;

import dev.culvert.protocols.websocket.StreamEnd;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The answer of an edge that did not open the WebSocket, explained. A Culvert edge answers with
/// `{"error":{"code","message","next","id"}}`; others are explained by their status.
///
/// Immutable. The JSON library is loaded on this path only.
///
/// @param next what to do, in the edge's words
/// @param id the same id is in the edge's log
record Refusal(
        @Nullable String code,
        @Nullable String message,
        @Nullable String next,
        @Nullable String id) {

    static Problem explain(StreamEnd.Refused refused, Route route) {
        int status = refused.head().status();
        String host = route.target().address().host();
        String location = refused.head().headers().first("location");
        if (status == 302 && location != null && isLogin(location)) {
            return loginAsked(host, route);
        }
        Refusal refusal = parse(refused.body());
        String id =
                refusal.id != null ? refusal.id : refused.head().headers().first("x-request-id");
        String what = host + " answered " + status;
        if (refusal.message != null) {
            what += ": " + refusal.message;
        }
        if (refusal.code != null) {
            what += " [" + refusal.code + "]";
        }
        if (id != null) {
            what += " (id " + id + ")";
        }
        String next = refusal.next != null ? refusal.next : hint(status);
        if (status == 401 && !route.hasServiceToken()) {
            next = "the service asks for a login of its own: ask its owner";
        }
        return switch (status) {
            case 403 -> new Problem(Problem.DENIED, what, next);
            // The tunnel is away, its connector is not ready, or the edge drains.
            case 503, 530 -> Problem.passing(what, next);
            default -> Problem.failed(what, next);
        };
    }

    private static Problem loginAsked(String host, Route route) {
        if (route.hasServiceToken()) {
            return new Problem(
                    Problem.DENIED,
                    host + " does not take this service token",
                    "check --service-token-id and its secret, and ask the owner of the edge whether the"
                            + " token is of a service_auth policy and has not ended");
        }
        return new Problem(
                Problem.LOGIN_NEEDED,
                host + " needs a login",
                "access login https://"
                        + route.target().hostHeader()
                        + ", or a service token: --service-token-id and --service-token-secret");
    }

    /// The test cloudflared's client uses: the path only, the host may be any.
    static boolean isLogin(String location) {
        String path = location;
        int scheme = path.indexOf("://");
        if (scheme >= 0) {
            int slash = path.indexOf('/', scheme + 3);
            path = slash < 0 ? "/" : path.substring(slash);
        }
        return path.startsWith("/cdn-cgi/access/login");
    }

    private static String hint(int status) {
        return switch (status) {
            case 200, 204 ->
                    "this is a web page, not a byte service: check that the route's service is"
                            + " ssh://, tcp://, rdp:// or smb://";
            case 301, 302, 303, 307, 308 ->
                    "the address redirects: use the final one as --hostname";
            case 400, 426 -> "the edge refused the handshake: check --hostname and --header";
            case 401 -> "check --service-token-id and --service-token-secret";
            case 403 -> "ask the owner of the edge for access to this application, with the id";
            case 404 -> "no route has this name: check --hostname, or add the route at the edge";
            case 429, 503 -> "the edge is at its limit or starting: try again later";
            case 502, 504, 521, 522, 523, 530 ->
                    "the connector or the service behind it does not answer: check both are up";
            default -> "look into the edge's log";
        };
    }

    private static Refusal parse(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        int start = text.indexOf('{');
        if (start < 0 || !text.toLowerCase(Locale.ROOT).contains("\"error\"")) {
            return new Refusal(null, null, null, null);
        }
        try {
            // A chunked body has its sizes around the object; the parser stops at the object's end.
            String json = text.substring(start, text.lastIndexOf('}') + 1);
            JsonNode error = JsonMapper.shared().readTree(json).path("error");
            return new Refusal(
                    field(error, "code"),
                    field(error, "message"),
                    field(error, "next"),
                    field(error, "id"));
        } catch (JacksonException | IndexOutOfBoundsException e) {
            return new Refusal(null, null, null, null);
        }
    }

    private static @Nullable String field(JsonNode error, String name) {
        JsonNode value = error.path(name);
        String text = value.isString() || value.isNumber() ? value.asString() : "";
        return text.isBlank() ? null : text;
    }
}
