package dev.culvert.edge.admin;

import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.ErrorJson;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The admin endpoint: JSON under `/api/v1/`, for commands on this machine.
///
/// | request | answer |
/// |---|---|
/// | `GET /tunnels` | 200 `{"tunnels":[…]}` |
/// | `POST /tunnels` `{"name"}` | 201 the tunnel |
/// | `DELETE /tunnels/{id or name}?force=true` | 204 |
/// | `POST /tunnels/{id or name}/rotate` | 200 the tunnel |
/// | `GET /tunnels/{id or name}/token` | 200 `{"token"}` |
/// | `GET /tunnels/{id or name}/connections` | 200 `{"connections":[…]}` |
/// | `POST /tunnels/{id or name}/configuration` `{"config"}` | 200 `{"version"}` |
/// | `GET /tunnels/{id or name}/configuration` | 200 `{"version","config","connections":[…]}` |
/// | `DELETE /tunnels/{id or name}/configuration` | 204 |
/// | `GET /routes` | 200 `{"routes":[…]}` |
/// | `POST /routes` `{"hostname","tunnel","public"}` | 201 the route |
/// | `DELETE /routes/{hostname}` | 204 |
///
/// and who may come in: `/access`, `/sessions`, `/service-tokens`, `/users`, `/audit`, as in
/// `docs/admin-api.md`.
///
/// Errors are `{"error":{"code","message","next","id"}}`, the id also in the log. Before anything else
/// a request shows a `Host` that is this machine with this port (a web page that rebinds its name
/// shows its own) and the bearer token. Bodies are at most 64 KiB, a
/// configuration 1 MiB, access rules 2 MiB.
///
/// Thread-safe. Blocking: virtual threads only.
public final class AdminApi implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final int MAX_BODY_BYTES = 64 * 1024;

    /// Rules come as text of up to 1 MiB, which JSON makes longer.
    private static final Map<String, Integer> MAX_BYTES_BY_NAME =
            Map.of("configuration", 1 << 20, "rules", 2 << 20, "plan", 2 << 20);

    private final Resources resources;
    private final byte[] token;
    private final IntSupplier port;

    /// @param token what requests must show as bearer token
    /// @param port the port the endpoint listens on, known once it does
    public AdminApi(State state, String token, IntSupplier port) {
        this(state, null, Live.NOTHING, token, port);
    }

    /// @param access null on an edge without an auth host
    public AdminApi(
            State state, @Nullable AccessParts access, Live live, String token, IntSupplier port) {
        this.resources = new Resources(state, access, live);
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.port = port;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String id = UUID.randomUUID().toString().substring(0, 8);
        HeaderList headers =
                HeaderList.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");
        Answer answer;
        try {
            admit(exchange);
            ResourcePath path = ResourcePath.parse(exchange.path());
            int limit = MAX_BYTES_BY_NAME.getOrDefault(path.segments().getLast(), MAX_BODY_BYTES);
            answer =
                    resources.answer(
                            new AdminRequest(exchange.method(), path, body(exchange, limit)));
        } catch (Refusal e) {
            LOG.debug("Admin request refused id={} code={}", id, e.code);
            if (e.allow != null) {
                headers.set("Allow", e.allow);
            }
            if (e.status == 401) {
                headers.set("WWW-Authenticate", "Bearer");
            }
            answer =
                    new Answer.Json(
                            e.status,
                            ErrorJson.of(e.code, String.valueOf(e.getMessage()), e.next, id));
        } catch (StateException e) {
            if (e.code().httpStatus() >= 500) {
                LOG.warn("Admin request failed id={} problem=\"{}\"", id, e.getMessage(), e);
            } else {
                LOG.debug("Admin request refused id={} problem=\"{}\"", id, e.getMessage());
            }
            answer = new Answer.Json(e.code().httpStatus(), Json.of(e, id));
        } catch (RuntimeException e) {
            LOG.error("Admin request failed id={}", id, e);
            answer =
                    new Answer.Json(
                            500,
                            ErrorJson.of(
                                    "internal",
                                    "the edge failed at this request",
                                    "look for the id in the edge's log",
                                    id));
        }
        send(exchange, headers, answer, id);
    }

    private static void send(HttpExchange exchange, HeaderList headers, Answer answer, String id)
            throws IOException {
        switch (answer) {
            case Answer.Json(int status, ObjectNode body) -> {
                if (body == null) {
                    exchange.respond(status, headers).close();
                    return;
                }
                headers.set("Content-Type", "application/json");
                exchange.respond(status, headers, Json.MAPPER.writeValueAsBytes(body));
            }
            case Answer.Download(String type, Answer.Content content) -> {
                headers.set("Content-Type", type);
                // Not closed when it fails: closing is what says that the answer is whole.
                OutputStream out = exchange.respond(200, headers);
                try {
                    content.write(out);
                } catch (StateException e) {
                    LOG.warn("Admin request failed half way id={}", id, e);
                    throw new IOException("the state failed", e);
                }
                out.close();
            }
        }
    }

    private void admit(HttpExchange exchange) throws Refusal {
        if (!Loopback.isAuthority(exchange.authority(), port.getAsInt())) {
            throw new Refusal(
                    421,
                    "wrong_host",
                    "Host "
                            + StateException.quoted(exchange.authority())
                            + " (expected: a loopback address with the endpoint's port)",
                    "use the url in admin.json");
        }
        String given = exchange.requestHeaders().first("Authorization");
        String bearer =
                given != null && given.regionMatches(true, 0, "Bearer ", 0, 7)
                        ? given.substring(7).strip()
                        : "";
        if (!MessageDigest.isEqual(token, bearer.getBytes(StandardCharsets.UTF_8))) {
            throw new Refusal(
                    401,
                    "unauthorized",
                    "the bearer token is missing or wrong",
                    "use the token in admin.json");
        }
    }

    /// The request's JSON object; empty when it has none.
    private static ObjectNode body(HttpExchange exchange, int limit) throws IOException, Refusal {
        if (!exchange.method().equals("POST")) {
            return Json.MAPPER.createObjectNode();
        }
        String type = exchange.requestHeaders().first("Content-Type");
        String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json")) {
            throw new Refusal(
                    415,
                    "unsupported_media_type",
                    "Content-Type "
                            + StateException.quoted(media)
                            + " (expected: application/json)",
                    "send JSON");
        }
        byte[] content = exchange.body().readNBytes(limit + 1);
        if (content.length > limit) {
            throw new Refusal(
                    413,
                    "too_large",
                    "the body is longer than " + limit / 1024 + " KiB",
                    "send a shorter one");
        }
        if (content.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            JsonNode json = Json.MAPPER.readTree(content);
            if (json instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            LOG.debug("Body of an admin request is not JSON", e);
        }
        throw new Refusal(
                400, "invalid", "the body is not a JSON object", "send an object such as {}");
    }
}
