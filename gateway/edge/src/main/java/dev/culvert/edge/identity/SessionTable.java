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
import org.jspecify.annotations.Nullable;

/// The table `sessions`. Used inside a transaction.
final class SessionTable {
    private SessionTable() {}

    record Row(Session session, String secretHash) {}

    private static final String COLUMNS =
            "id, kind, secret_hash, identity, address, agent, created_at, expires_at, last_seen_at";

    static List<Row> living(Connection connection, Instant now)
            throws SQLException, StateException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT "
                                + COLUMNS
                                + " FROM sessions WHERE ended_at IS NULL AND expires_at > ?")) {
            select.setLong(1, now.toEpochMilli());
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(session(found), found.getString(3)));
                }
            }
        }
        return rows;
    }

    static @Nullable Session lastOf(Connection connection, String email)
            throws SQLException, StateException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT "
                                + COLUMNS
                                + " FROM sessions WHERE email = ? ORDER BY created_at DESC"
                                + " LIMIT 1")) {
            select.setString(1, email);
            try (ResultSet found = select.executeQuery()) {
                return found.next() ? session(found) : null;
            }
        }
    }

    private static Session session(ResultSet row) throws SQLException, StateException {
        return new Session(
                UUID.fromString(row.getString(1)),
                Session.Kind.valueOf(row.getString(2)),
                IdentityJson.read(row.getString(4)),
                row.getString(5),
                row.getString(6),
                Instant.ofEpochMilli(row.getLong(7)),
                Instant.ofEpochMilli(row.getLong(8)),
                Instant.ofEpochMilli(row.getLong(9)));
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
