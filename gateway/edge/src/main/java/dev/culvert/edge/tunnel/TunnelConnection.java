package dev.culvert.edge.tunnel;

import dev.culvert.transport.Carrier;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.UUID;

/// A registered connection of a connector. Immutable but for its carrier and its counts.
///
/// @param id made by the edge for this connection; in the logs of both ends
/// @param rotation of the tunnel's secret it registered with
/// @param connectorId the connector process
/// @param index of the connector's connection, 0 to 255
/// @param version as the connector said it, for display only
/// @param traffic of the bodies of public streams
public record TunnelConnection(
        UUID id,
        UUID tunnelId,
        long rotation,
        UUID connectorId,
        int index,
        String version,
        SocketAddress remote,
        Instant registeredAt,
        Carrier carrier,
        Traffic traffic) {

    boolean replaces(TunnelConnection older) {
        return connectorId.equals(older.connectorId) && index == older.index;
    }
}
