package dev.culvert.edge.admin;

import dev.culvert.edge.front.OpenStream;
import dev.culvert.edge.tunnel.ConfigurationPush;
import dev.culvert.edge.tunnel.TunnelConnection;
import java.util.List;
import java.util.UUID;

/// What goes on in a running edge. Thread-safe. Never blocks.
public interface Live {
    /// When no edge runs.
    Live NOTHING =
            new Live() {
                @Override
                public List<TunnelConnection> connections() {
                    return List.of();
                }

                @Override
                public List<ConfigurationPush.Told> told(UUID tunnel) {
                    return List.of();
                }

                @Override
                public List<OpenStream> streams() {
                    return List.of();
                }
            };

    /// Of all tunnels, in no order.
    List<TunnelConnection> connections();

    /// What each connection of a tunnel has been told of its configuration.
    List<ConfigurationPush.Told> told(UUID tunnel);

    /// Public streams that were let in and are open.
    List<OpenStream> streams();
}
