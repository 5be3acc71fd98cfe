package dev.culvert.edge.admission;

import dev.culvert.edge.state.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// The table `access_rules`: every version that was in force, the newest counts. Used inside a transaction.
final class RulesTable {
    private RulesTable() {}

    static Optional<RulesInForce.Applied> newest(Connection connection) throws SQLException {
        return Sql.first(
                connection,
                "SELECT version, document, changed_by, changed_at FROM access_rules"
                        + " ORDER BY version DESC LIMIT 1",
                row ->
                        new RulesInForce.Applied(
                                row.getLong("version"),
                                row.getString("document"),
                                row.getString("changed_by"),
                                Sql.time(row, "changed_at")));
    }

    static void insert(Connection connection, RulesInForce.Applied rules) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO access_rules (version, document, changed_by, changed_at)"
                        + " VALUES (?, ?, ?, ?)",
                rules.version(),
                rules.document(),
                rules.changedBy(),
                rules.changedAt());
    }
}
