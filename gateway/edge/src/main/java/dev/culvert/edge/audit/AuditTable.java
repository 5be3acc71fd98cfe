package dev.culvert.edge.audit;

import dev.culvert.edge.state.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The table `audit`. Used inside a transaction.
final class AuditTable {
    private static final String COLUMNS =
            "id, at, kind, actor, application, host, outcome, policy, address, country,"
                    + " request_id, detail";

    private AuditTable() {}

    static long lastId(Connection connection) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT COALESCE(MAX(id), 0) AS last FROM audit",
                        row -> row.getLong("last"))
                .orElseThrow();
    }

    static void insert(Connection connection, List<AuditEvent> events) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO audit ("
                                + COLUMNS
                                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (AuditEvent event : events) {
                insert.setLong(1, event.id());
                insert.setLong(2, event.at().toEpochMilli());
                insert.setString(3, event.kind().word());
                insert.setString(4, event.actor());
                insert.setString(5, event.application());
                insert.setString(6, event.host());
                insert.setString(7, event.outcome());
                insert.setString(8, event.policy());
                insert.setString(9, event.address());
                insert.setString(10, event.country());
                insert.setString(11, event.requestId());
                insert.setString(12, event.detail());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static List<AuditEvent> find(Connection connection, AuditQuery query) throws SQLException {
        List<AuditEvent> events = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT " + COLUMNS + " FROM audit" + query.where() + query.order())) {
            query.fill(select);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    events.add(event(found));
                }
            }
        }
        return events;
    }

    private static AuditEvent event(ResultSet row) throws SQLException {
        return new AuditEvent(
                row.getLong(1),
                Instant.ofEpochMilli(row.getLong(2)),
                AuditEvent.Kind.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getString(12));
    }

    static List<RecordedAccess> accesses(Connection connection, Instant since, int limit)
            throws SQLException {
        List<RecordedAccess> accesses = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT actor, application, host, address, MAX(country), COUNT(*) AS times"
                                + " FROM audit WHERE kind = ? AND at >= ? AND host IS NOT NULL"
                                + " AND address IS NOT NULL"
                                + " GROUP BY actor, application, host, address"
                                + " ORDER BY times DESC LIMIT ?")) {
            select.setString(1, AuditEvent.Kind.DECISION.word());
            select.setLong(2, since.toEpochMilli());
            select.setInt(3, limit);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    accesses.add(
                            new RecordedAccess(
                                    found.getString(1),
                                    found.getString(2),
                                    found.getString(3),
                                    found.getString(4),
                                    found.getString(5),
                                    found.getLong(6)));
                }
            }
        }
        return accesses;
    }

    static void prune(Connection connection, Instant before) throws SQLException {
        Sql.update(connection, "DELETE FROM audit WHERE at < ?", before);
    }
}
