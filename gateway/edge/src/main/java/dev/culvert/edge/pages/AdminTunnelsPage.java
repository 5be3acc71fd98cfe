package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tunnels and their connections, renewed every few seconds, at [Paths#ADMIN_TUNNELS]. Immutable.
public record AdminTunnelsPage(Viewer viewer, List<Tunnel> tunnels, @Nullable Notice notice)
        implements Page {
    public AdminTunnelsPage {
        tunnels = List.copyOf(tunnels);
    }

    /// @param routes how many lead to it
    public record Tunnel(
            String id,
            String name,
            Health health,
            int routes,
            Instant created,
            List<Connection> connections) {
        public Tunnel {
            connections = List.copyOf(connections);
        }
    }

    /// @param connector which process, shortened
    /// @param client such as `cloudflared 2026.11.0`
    /// @param protocol `http2` or `quic`
    /// @param rttMillis round trip, negative when not measured
    public record Connection(
            int index,
            String connector,
            String client,
            String protocol,
            String address,
            Instant since,
            int streams,
            long received,
            long sent,
            double rttMillis) {}
}
