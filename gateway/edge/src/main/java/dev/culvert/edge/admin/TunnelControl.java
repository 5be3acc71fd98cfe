package dev.culvert.edge.admin;

import dev.culvert.edge.state.RouteSummary;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.edge.state.TunnelSummary;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What commands see and change of an edge, whoever owns the state: through a running edge, else by opening
/// the state under its lock. Tunnels and routes have methods, what names a tunnel takes its name or its id;
/// who may come in is asked for as the admin endpoint's resources.
///
/// Used by one thread. Blocking: virtual threads only.
public sealed interface TunnelControl extends AutoCloseable permits AdminClient, OwnedState {
    default TunnelSummary createTunnel(String name) throws StateException {
        return read(Json::tunnel, ask("POST", "tunnels", object().put("name", name)));
    }

    default List<TunnelSummary> listTunnels() throws StateException {
        return readAll(Json::tunnel, ask("GET", "tunnels", null).path("tunnels"));
    }

    /// @param force with the routes that lead to it
    default void deleteTunnel(String nameOrId, boolean force) throws StateException {
        ask("DELETE", "tunnels/" + segment(nameOrId) + (force ? "?force=true" : ""), null);
    }

    default TunnelSummary rotateTunnel(String nameOrId) throws StateException {
        return read(
                Json::tunnel, ask("POST", "tunnels/" + segment(nameOrId) + "/rotate", object()));
    }

    default String token(String nameOrId) throws StateException {
        return ask("GET", "tunnels/" + segment(nameOrId) + "/token", null)
                .path("token")
                .asString("");
    }

    /// Gives a tunnel's connectors their rules.
    ///
    /// @param config checked, in connectors' form
    /// @return the version
    default int configureTunnel(String nameOrId, ObjectNode config) throws StateException {
        ObjectNode body = object();
        body.set("config", config);
        return ask("POST", "tunnels/" + segment(nameOrId) + "/configuration", body)
                .path("version")
                .asInt(0);
    }

    /// `{"version","config","connections":[{"connector","index","version","problem"}]}`; without
    /// connections when no edge runs.
    default JsonNode configuration(String nameOrId) throws StateException {
        return ask("GET", "tunnels/" + segment(nameOrId) + "/configuration", null);
    }

    default void removeConfiguration(String nameOrId) throws StateException {
        ask("DELETE", "tunnels/" + segment(nameOrId) + "/configuration", null);
    }

    default RouteSummary addRoute(String hostname, String tunnel, boolean isPublic)
            throws StateException {
        ObjectNode body =
                object().put("hostname", hostname).put("tunnel", tunnel).put("public", isPublic);
        return read(Json::route, ask("POST", "routes", body));
    }

    default List<RouteSummary> listRoutes() throws StateException {
        return readAll(Json::route, ask("GET", "routes", null).path("routes"));
    }

    default void removeRoute(String hostname) throws StateException {
        ask("DELETE", "routes/" + segment(hostname), null);
    }

    /// An empty body.
    static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }

    /// A name as part of a path or query.
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static <T> T read(Function<JsonNode, T> reading, JsonNode answer)
            throws StateException {
        try {
            return reading.apply(answer);
        } catch (IllegalArgumentException e) {
            throw new StateException(
                    Code.UNREACHABLE,
                    "the edge answered something else",
                    "use the release of this command that the edge is of",
                    e);
        }
    }

    private static <T> List<T> readAll(Function<JsonNode, T> reading, JsonNode answers)
            throws StateException {
        List<T> all = new ArrayList<>();
        for (JsonNode answer : answers) {
            all.add(read(reading, answer));
        }
        return List.copyOf(all);
    }

    /// Asks a resource of `docs/admin-api.md`.
    ///
    /// @param path below `/api/v1/`, with the query
    /// @param body of a POST, null for none
    /// @return an empty object when there is nothing to say
    JsonNode ask(String method, String path, @Nullable ObjectNode body) throws StateException;

    /// False when this process has opened the state.
    boolean isEdgeRunning();

    @Override
    void close();

    /// Opens the way that works now. When another process has the state but no admin endpoint yet (an
    /// edge that starts or stops, another command), waits for either for at most five seconds.
    ///
    /// @param keyFile for opening the state; null for the one in the directory
    static TunnelControl open(Path state, @Nullable Path keyFile) throws StateException {
        return open(state, keyFile, Duration.ofSeconds(5));
    }

    static TunnelControl open(Path state, @Nullable Path keyFile, Duration patience)
            throws StateException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return OwnedState.open(StateDirectory.open(state), keyFile);
            } catch (StateException e) {
                if (e.code() != Code.LOCKED) {
                    throw e;
                }
                AdminEndpointFile.Endpoint endpoint = AdminEndpointFile.read(state);
                if (endpoint != null) {
                    return new AdminClient(endpoint);
                }
                if (System.nanoTime() >= deadline) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() throws StateException {
        try {
            Thread.sleep(Duration.ofMillis(50));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException(
                    Code.LOCKED, "interrupted while waiting for the state", "try again", e);
        }
    }
}
