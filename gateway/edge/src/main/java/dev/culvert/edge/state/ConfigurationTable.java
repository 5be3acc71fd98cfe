package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// The table `tunnel_configurations`. A row stays when the configuration is removed, so that its version
/// never comes twice. Used inside a transaction, by one thread at a time.
final class ConfigurationTable {
    private ConfigurationTable() {}

    static Map<UUID, TunnelConfiguration> all(Connection connection) throws SQLException {
        Map<UUID, TunnelConfiguration> all = new HashMap<>();
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT tunnel_id, version, config FROM tunnel_configurations"
                                        + " WHERE config IS NOT NULL");
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                all.put(
                        UUID.fromString(found.getString(1)),
                        new TunnelConfiguration(found.getInt(2), found.getString(3)));
            }
        }
        return all;
    }

    /// @return the new version
    static int put(Connection connection, UUID tunnel, String config, Instant now)
            throws SQLException, StateException {
        try (PreparedStatement upsert =
                connection.prepareStatement(
                        "INSERT INTO tunnel_configurations (tunnel_id, version, config, changed_at)"
                                + " VALUES (?, 1, ?, ?) ON CONFLICT (tunnel_id) DO UPDATE SET"
                                + " version = tunnel_configurations.version + 1,"
                                + " config = excluded.config, changed_at = excluded.changed_at"
                                + " RETURNING version")) {
            upsert.setString(1, tunnel.toString());
            upsert.setString(2, config);
            upsert.setLong(3, now.toEpochMilli());
            try (ResultSet found = upsert.executeQuery()) {
                found.next();
                long version = found.getLong(1);
                if (version > Integer.MAX_VALUE) {
                    throw new StateException(
                            Code.LIMIT,
                            "the tunnel was configured " + Integer.MAX_VALUE + " times",
                            "make a new tunnel");
                }
                return (int) version;
            }
        }
    }

    static void clear(Connection connection, UUID tunnel, Instant now) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE tunnel_configurations SET config = NULL, changed_at = ?"
                                + " WHERE tunnel_id = ?")) {
            update.setLong(1, now.toEpochMilli());
            update.setString(2, tunnel.toString());
            update.executeUpdate();
        }
    }
}
