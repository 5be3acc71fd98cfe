package dev.culvert.edge.identity;

import dev.culvert.edge.state.StateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The table `sessions`. Used inside a transaction.
final class SessionTable {
    private SessionTable() {}

    record Row(Session session, String secretHash) {}

    static List<Row> living(Connection connection, Instant now)
            throws SQLException, StateException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT id, kind, secret_hash, identity, address, agent, created_at,"
                                + " expires_at, last_seen_at FROM sessions"
                                + " WHERE ended_at IS NULL AND expires_at > ?")) {
            select.setLong(1, now.toEpochMilli());
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    Session session =
                            new Session(
                                    UUID.fromString(found.getString(1)),
                                    Session.Kind.valueOf(found.getString(2)),
                                    IdentityJson.read(found.getString(4)),
                                    found.getString(5),
                                    found.getString(6),
                                    Instant.ofEpochMilli(found.getLong(7)),
                                    Instant.ofEpochMilli(found.getLong(8)),
                                    Instant.ofEpochMilli(found.getLong(9)));
                    rows.add(new Row(session, found.getString(3)));
                }
            }
        }
        return rows;
    }

    static void insert(Connection connection, Row row) throws SQLException {
        Session session = row.session();
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO sessions (id, kind, secret_hash, identity, email, address,"
                                + " agent, created_at, expires_at, last_seen_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, session.id().toString());
            insert.setString(2, session.kind().name());
            insert.setString(3, row.secretHash());
            insert.setString(4, IdentityJson.write(session.identity()));
            insert.setString(5, session.identity().email());
            insert.setString(6, session.address());
            insert.setString(7, session.agent());
            insert.setLong(8, session.createdAt().toEpochMilli());
            insert.setLong(9, session.expiresAt().toEpochMilli());
            insert.setLong(10, session.lastSeenAt().toEpochMilli());
            insert.executeUpdate();
        }
    }

    static void end(Connection connection, List<UUID> ids, Instant now) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE sessions SET ended_at = ? WHERE id = ?")) {
            for (UUID id : ids) {
                update.setLong(1, now.toEpochMilli());
                update.setString(2, id.toString());
                update.executeUpdate();
            }
        }
    }

    static void seen(Connection connection, Map<UUID, Instant> seen) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE sessions SET last_seen_at = ? WHERE id = ?")) {
            for (Map.Entry<UUID, Instant> entry : seen.entrySet()) {
                update.setLong(1, entry.getValue().toEpochMilli());
                update.setString(2, entry.getKey().toString());
                update.executeUpdate();
            }
        }
    }

    /// Forgets sessions that are over since before a moment.
    static void prune(Connection connection, Instant before) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM sessions WHERE expires_at < ? OR ended_at < ?")) {
            delete.setLong(1, before.toEpochMilli());
            delete.setLong(2, before.toEpochMilli());
            delete.executeUpdate();
        }
    }
}
