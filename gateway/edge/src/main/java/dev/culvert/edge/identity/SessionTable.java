package dev.culvert.edge.identity;

import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
        return Sql.all(
                connection,
                "SELECT " + COLUMNS + " FROM sessions WHERE ended_at IS NULL AND expires_at > ?",
                row -> new Row(session(row), row.getString("secret_hash")),
                now);
    }

    static @Nullable Session lastOf(Connection connection, String email)
            throws SQLException, StateException {
        return Sql.first(
                        connection,
                        "SELECT "
                                + COLUMNS
                                + " FROM sessions WHERE email = ? ORDER BY created_at DESC LIMIT 1",
                        SessionTable::session,
                        email)
                .orElse(null);
    }

    static List<Map.Entry<String, Instant>> lastSeen(Connection connection) throws SQLException {
        return Sql.all(
                connection,
                "SELECT email, MAX(last_seen_at) AS seen FROM sessions GROUP BY email",
                row -> Map.entry(row.getString("email"), Sql.time(row, "seen")));
    }

    private static Session session(ResultSet row) throws SQLException, StateException {
        return new Session(
                Sql.id(row, "id"),
                Session.Kind.valueOf(row.getString("kind")),
                IdentityJson.read(row.getString("identity")),
                row.getString("address"),
                row.getString("agent"),
                Sql.time(row, "created_at"),
                Sql.time(row, "expires_at"),
                Sql.time(row, "last_seen_at"));
    }

    static void insert(Connection connection, Row row) throws SQLException {
        Session session = row.session();
        Sql.update(
                connection,
                "INSERT INTO sessions (id, kind, secret_hash, identity, email, address, agent,"
                        + " created_at, expires_at, last_seen_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                session.id(),
                session.kind().name(),
                row.secretHash(),
                IdentityJson.write(session.identity()),
                session.identity().email(),
                session.address(),
                session.agent(),
                session.createdAt(),
                session.expiresAt(),
                session.lastSeenAt());
    }

    static void end(Connection connection, UUID id, Instant at) throws SQLException {
        Sql.update(connection, "UPDATE sessions SET ended_at = ? WHERE id = ?", at, id);
    }

    static void seen(Connection connection, Map<UUID, Instant> seen) throws SQLException {
        for (Map.Entry<UUID, Instant> entry : seen.entrySet()) {
            Sql.update(
                    connection,
                    "UPDATE sessions SET last_seen_at = ? WHERE id = ?",
                    entry.getValue(),
                    entry.getKey());
        }
    }

    /// Forgets sessions that are over since before a moment.
    static void prune(Connection connection, Instant before) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM sessions WHERE expires_at < ? OR ended_at < ?",
                before,
                before);
    }
}
