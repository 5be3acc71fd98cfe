package dev.culvert.edge.admission;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;

/// The table `access_rules`: every version that was in force, the newest counts. Used inside a transaction.
final class RulesTable {
    private RulesTable() {}

    record Row(long version, String document, String changedBy, Instant changedAt) {}

    static Optional<Row> newest(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet found =
                        select.executeQuery(
                                "SELECT version, document, changed_by, changed_at"
                                        + " FROM access_rules ORDER BY version DESC LIMIT 1")) {
            return found.next()
                    ? Optional.of(
                            new Row(
                                    found.getLong(1),
                                    found.getString(2),
                                    found.getString(3),
                                    Instant.ofEpochMilli(found.getLong(4))))
                    : Optional.empty();
        }
    }

    static void insert(Connection connection, Row row) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO access_rules (version, document, changed_by, changed_at)"
                                + " VALUES (?, ?, ?, ?)")) {
            insert.setLong(1, row.version());
            insert.setString(2, row.document());
            insert.setString(3, row.changedBy());
            insert.setLong(4, row.changedAt().toEpochMilli());
            insert.executeUpdate();
        }
    }
}
