package dev.culvert.edge.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The table `routes`. Used inside a transaction, by one thread at a time.
final class RouteTable {
    private RouteTable() {}

    static List<Route> all(Connection connection) throws SQLException {
        List<Route> routes = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT id, hostname, tunnel_id, is_public, application_id,"
                                        + " created_at FROM routes ORDER BY hostname");
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                String application = found.getString(5);
                routes.add(
                        new Route(
                                UUID.fromString(found.getString(1)),
                                found.getString(2),
                                UUID.fromString(found.getString(3)),
                                found.getBoolean(4),
                                application == null ? null : UUID.fromString(application),
                                Instant.ofEpochMilli(found.getLong(6))));
            }
        }
        return routes;
    }

    /// @return false when the hostname has a route
    static boolean insert(Connection connection, Route route) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO routes (id, hostname, tunnel_id, is_public, application_id,"
                                + " created_at) VALUES (?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (hostname) DO NOTHING RETURNING id")) {
            insert.setString(1, route.id().toString());
            insert.setString(2, route.hostname());
            insert.setString(3, route.tunnelId().toString());
            insert.setBoolean(4, route.isPublic());
            UUID application = route.applicationId();
            insert.setString(5, application == null ? null : application.toString());
            insert.setLong(6, route.createdAt().toEpochMilli());
            try (ResultSet inserted = insert.executeQuery()) {
                return inserted.next();
            }
        }
    }

    static void delete(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM routes WHERE id = ?")) {
            delete.setString(1, id.toString());
            delete.executeUpdate();
        }
    }

    static void deleteAllOf(Connection connection, UUID tunnel) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM routes WHERE tunnel_id = ?")) {
            delete.setString(1, tunnel.toString());
            delete.executeUpdate();
        }
    }
}
