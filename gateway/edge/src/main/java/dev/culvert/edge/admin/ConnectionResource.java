package dev.culvert.edge.admin;

import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.Tunnel;
import dev.culvert.edge.tunnel.TunnelConnection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `connections`: all of all tunnels, with how busy they are.
final class ConnectionResource implements Resource {
    private final State state;
    private final Live live;

    ConnectionResource(State state, Live live) {
        this.state = state;
        this.live = live;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (!request.isAt("connections")) {
            throw request.unknown();
        }
        request.allow("GET");
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode list = json.putArray("connections");
        List<TunnelConnection> sorted =
                live.connections().stream()
                        .sorted(
                                Comparator.comparing(TunnelConnection::tunnelId)
                                        .thenComparing(TunnelConnection::connectorId)
                                        .thenComparing(TunnelConnection::index))
                        .toList();
        sorted.forEach(connection -> list.add(of(connection)));
        return Answer.of(json);
    }

    private ObjectNode of(TunnelConnection connection) {
        Tunnel tunnel = state.directory().tunnel(connection.tunnelId());
        return Json.MAPPER
                .createObjectNode()
                .put("id", connection.id().toString())
                .put("tunnelId", connection.tunnelId().toString())
                .put("tunnelName", tunnel == null ? null : tunnel.name())
                .put("connector", connection.connectorId().toString())
                .put("index", connection.index())
                .put("client", connection.version())
                .put("protocol", connection.carrier().protocol())
                .put("address", Addresses.shown(connection.remote()))
                .put("since", connection.registeredAt().toString())
                .put("streams", connection.carrier().load())
                .put("received", connection.traffic().received())
                .put("sent", connection.traffic().sent())
                .put("roundTripMillis", roundTrip(connection.traffic().roundTripNanos()));
    }

    /// Null before it is known.
    private static @Nullable Double roundTrip(long nanos) {
        return nanos < 0 ? null : nanos / 1e6;
    }
}
