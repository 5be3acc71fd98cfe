package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Addresses;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.pages.AdminTunnelsPage;
import dev.culvert.edge.pages.Health;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.tunnel.TunnelConnection;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tunnels and their connections. Thread-safe.
final class TunnelsPlace implements Place {
    private static final int SHORTENED = 8;

    private final AccessParts parts;
    private final Supplier<Live> live;

    TunnelsPlace(AccessParts parts, Supplier<Live> live) {
        this.parts = parts;
        this.live = live;
    }

    /// The connections of each tunnel; tunnels that have none are missing.
    static Map<UUID, List<TunnelConnection>> connections(Live live) {
        return live.connections().stream()
                .sorted(
                        Comparator.comparing(TunnelConnection::connectorId)
                                .thenComparing(TunnelConnection::index))
                .collect(Collectors.groupingBy(TunnelConnection::tunnelId));
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        Map<UUID, List<TunnelConnection>> connections = connections(live.get());
        List<AdminTunnelsPage.Tunnel> tunnels =
                parts.state().listTunnels().stream()
                        .map(tunnel -> {
                            var own = connections.getOrDefault(tunnel.id(), List.of());
                            return new AdminTunnelsPage.Tunnel(
                                    tunnel.id().toString(),
                                    tunnel.name(),
                                    Health.of(own.size()),
                                    tunnel.routes(),
                                    tunnel.createdAt(),
                                    own.stream().map(TunnelsPlace::shown).toList());
                        })
                        .toList();
        visit.exchange().show(status, new AdminTunnelsPage(visit.viewer(), tunnels, notice));
    }

    private static AdminTunnelsPage.Connection shown(TunnelConnection connection) {
        long nanos = connection.traffic().roundTripNanos();
        return new AdminTunnelsPage.Connection(
                connection.index(),
                connection.connectorId().toString().substring(0, SHORTENED),
                connection.version(),
                connection.carrier().protocol(),
                Addresses.shown(connection.remote()),
                connection.registeredAt(),
                connection.carrier().load(),
                connection.traffic().received(),
                connection.traffic().sent(),
                nanos < 0 ? -1 : nanos / 1e6);
    }
}
