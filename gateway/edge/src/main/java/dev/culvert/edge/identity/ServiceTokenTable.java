package dev.culvert.edge.identity;

import dev.culvert.edge.state.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table `service_tokens`. Used inside a transaction.
final class ServiceTokenTable {
    private ServiceTokenTable() {}

    record Row(ServiceToken token, String secretHash, @Nullable String previousHash) {}

    static List<Row> all(Connection connection) throws SQLException {
        return Sql.all(
                connection,
                "SELECT id, name, secret_hash, previous_hash, previous_until, created_at,"
                        + " expires_at, last_used_at FROM service_tokens ORDER BY created_at, id",
                row ->
                        new Row(
                                new ServiceToken(
                                        row.getString("id"),
                                        row.getString("name"),
                                        Sql.time(row, "created_at"),
                                        Sql.timeOrNull(row, "previous_until"),
                                        Sql.timeOrNull(row, "expires_at"),
                                        Sql.timeOrNull(row, "last_used_at")),
                                row.getString("secret_hash"),
                                row.getString("previous_hash")));
    }

    /// @return false when there is one of this name
    static boolean insert(Connection connection, Row row) throws SQLException {
        return Sql.update(
                        connection,
                        "INSERT INTO service_tokens (id, name, secret_hash, created_at, expires_at)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                        row.token().id(),
                        row.token().name(),
                        row.secretHash(),
                        row.token().createdAt(),
                        row.token().expiresAt())
                == 1;
    }

    static void rotate(Connection connection, Row row) throws SQLException {
        Sql.update(
                connection,
                "UPDATE service_tokens SET secret_hash = ?, previous_hash = ?, previous_until = ?,"
                        + " expires_at = ? WHERE id = ?",
                row.secretHash(),
                row.previousHash(),
                row.token().previousUntil(),
                row.token().expiresAt(),
                row.token().id());
    }

    static void delete(Connection connection, String id) throws SQLException {
        Sql.update(connection, "DELETE FROM service_tokens WHERE id = ?", id);
    }

    static void used(Connection connection, Map<String, Instant> used) throws SQLException {
        for (Map.Entry<String, Instant> entry : used.entrySet()) {
            Sql.update(
                    connection,
                    "UPDATE service_tokens SET last_used_at = ? WHERE id = ?",
                    entry.getValue(),
                    entry.getKey());
        }
    }
}
