package dev.culvert.edge.admin;

import dev.culvert.edge.state.RouteSummary;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.edge.state.TunnelSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Changes and lists tunnels and routes, whoever owns the state: through a running edge, else by
/// opening the state under its lock. What names a tunnel takes its name or its id.
///
/// Used by one thread. Blocking: virtual threads only.
public sealed interface TunnelControl extends AutoCloseable permits AdminClient, OwnedState {
    TunnelSummary createTunnel(String name) throws StateException;

    List<TunnelSummary> listTunnels() throws StateException;

    /// @param force with the routes that lead to it
    void deleteTunnel(String nameOrId, boolean force) throws StateException;

    TunnelSummary rotateTunnel(String nameOrId) throws StateException;

    String token(String nameOrId) throws StateException;

    /// Gives a tunnel's connectors their rules.
    ///
    /// @param config checked, in connectors' form
    /// @return the version
    int configureTunnel(String nameOrId, ObjectNode config) throws StateException;

    /// `{"version","config","connections":[{"connector","index","version","problem"}]}`; without
    /// connections when no edge runs.
    JsonNode configuration(String nameOrId) throws StateException;

    void removeConfiguration(String nameOrId) throws StateException;

    RouteSummary addRoute(String hostname, String tunnel, boolean isPublic) throws StateException;

    List<RouteSummary> listRoutes() throws StateException;

    void removeRoute(String hostname) throws StateException;

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
