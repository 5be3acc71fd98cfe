package dev.culvert.edge.state;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the data path looks up for each request and registration: a snapshot of routes and tunnels.
/// Look-ups never block; one for a wildcard allocates a substring a label. Immutable.
public final class Directory {
    public static final Directory EMPTY = new Directory(Map.of(), Map.of());

    private final Map<UUID, Tunnel> tunnels;
    private final Map<String, Route> exact = new HashMap<>();
    private final Map<String, Route> wildcards = new HashMap<>();

    Directory(Map<UUID, Tunnel> tunnels, Map<String, Route> routes) {
        this.tunnels = Map.copyOf(tunnels);
        for (Route route : routes.values()) {
            if (route.isWildcard()) {
                wildcards.put(route.hostname().substring(2), route);
            } else {
                exact.put(route.hostname(), route);
            }
        }
    }

    /// The route for a host: the exact one, else the wildcard with the longest suffix. `*.example.com`
    /// answers for `a.example.com` and `a.b.example.com`, never for `example.com`. Names that no
    /// connector may see ([Hostname#isReserved]) have no route.
    ///
    /// @param host lower case, without port and final dot
    public @Nullable Route route(String host) {
        Route found = exact.get(host);
        if (found != null) {
            return found;
        }
        if (wildcards.isEmpty() || host.length() > 253 || Hostname.isReserved(host)) {
            return null;
        }
        for (int dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            found = wildcards.get(host.substring(dot + 1));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    public @Nullable Tunnel tunnel(UUID id) {
        return tunnels.get(id);
    }

    /// How many routes there are.
    public int routes() {
        return exact.size() + wildcards.size();
    }

    public Collection<Tunnel> tunnels() {
        return tunnels.values();
    }

    @Override
    public String toString() {
        return "Directory[tunnels=" + tunnels.size() + ", routes=" + routes() + "]";
    }
}
