package dev.culvert.edge.identity;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table `service_tokens`. Used inside a transaction.
final class ServiceTokenTable {
    private ServiceTokenTable() {}

    record Row(ServiceToken token, String secretHash, @Nullable String previousHash) {}

    static List<Row> all(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT id, name, secret_hash, previous_hash, previous_until,"
                                        + " created_at, expires_at, last_used_at"
                                        + " FROM service_tokens ORDER BY created_at, id");
                ResultSet found = select.executeQuery()) {
            while (found.next()) {
                rows.add(
                        new Row(
                                new ServiceToken(
                                        found.getString(1),
                                        found.getString(2),
                                        Instant.ofEpochMilli(found.getLong(6)),
                                        instant(found, 5),
                                        instant(found, 7),
                                        instant(found, 8)),
                                found.getString(3),
                                found.getString(4)));
            }
        }
        return rows;
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static void set(PreparedStatement statement, int at, @Nullable Instant instant)
            throws SQLException {
        if (instant == null) {
            statement.setNull(at, Types.BIGINT);
        } else {
            statement.setLong(at, instant.toEpochMilli());
        }
    }

    /// @return false when there is one of this name
    static boolean insert(Connection connection, Row row) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO service_tokens (id, name, secret_hash, created_at,"
                                + " expires_at) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (name) DO NOTHING")) {
            insert.setString(1, row.token().id());
            insert.setString(2, row.token().name());
            insert.setString(3, row.secretHash());
            set(insert, 4, row.token().createdAt());
            set(insert, 5, row.token().expiresAt());
            return insert.executeUpdate() == 1;
        }
    }

    static void rotate(Connection connection, Row row) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE service_tokens SET secret_hash = ?, previous_hash = ?,"
                                + " previous_until = ?, expires_at = ? WHERE id = ?")) {
            update.setString(1, row.secretHash());
            update.setString(2, row.previousHash());
            set(update, 3, row.token().previousUntil());
            set(update, 4, row.token().expiresAt());
            update.setString(5, row.token().id());
            update.executeUpdate();
        }
    }

    static void delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM service_tokens WHERE id = ?")) {
            delete.setString(1, id);
            delete.executeUpdate();
        }
    }

    static void used(Connection connection, Map<String, Instant> used) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE service_tokens SET last_used_at = ? WHERE id = ?")) {
            for (Map.Entry<String, Instant> entry : used.entrySet()) {
                update.setLong(1, entry.getValue().toEpochMilli());
                update.setString(2, entry.getKey());
                update.executeUpdate();
            }
        }
    }
}
