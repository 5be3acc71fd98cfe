package dev.culvert.edge.admin;

import dev.culvert.edge.front.OpenStream;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.tunnel.ConfigurationPush;
import dev.culvert.edge.tunnel.TunnelConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

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

                @Override
                public Figures figures() {
                    return new Figures(0, 0, 0, 0, 0);
                }
            };

    /// How busy the edge is.
    ///
    /// @param received bytes of bodies from users, since the start
    /// @param sent bytes of bodies to users, likewise
    /// @param requests that are over, likewise
    /// @param streams open now
    /// @param connections of tunnels, up now
    record Figures(long received, long sent, long requests, int streams, int connections) {}

    /// Of all tunnels, in no order.
    List<TunnelConnection> connections();

    /// What each connection of a tunnel has been told of its configuration.
    List<ConfigurationPush.Told> told(UUID tunnel);

    /// Public streams that were let in and are open.
    List<OpenStream> streams();

    Figures figures();

    /// Asks a plugin that runs; the bodies are JSON objects. May block.
    ///
    /// @throws StateException as the plugin refused, or because it does not run
    default String plugin(String name, String method, String path, String body)
            throws StateException {
        throw new StateException(
                StateException.Code.CONFLICT,
                "no edge runs on this state, and plugins run in it only",
                "start it: gateway edge");
    }

    /// How many streams each session has open; sessions that have none are missing.
    default Map<UUID, Long> streamsBySession() {
        return streams().stream()
                .map(OpenStream::session)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
