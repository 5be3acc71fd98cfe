package dev.culvert.edge.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Statements with their values. Ids are kept as text, times as milliseconds since 1970.
///
/// Used inside a transaction, by one thread at a time.
public final class Sql {
    private Sql() {}

    /// Reads the row the cursor is on.
    ///
    /// @param <E> what reading may fail with besides
    @FunctionalInterface
    public interface Row<T, E extends Exception> {
        T read(ResultSet row) throws SQLException, E;
    }

    /// @return how many rows were touched
    public static int update(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = bound(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    public static <T, E extends Exception> List<T> all(
            Connection connection, String sql, Row<T, E> row, @Nullable Object... values)
            throws SQLException, E {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement statement = bound(connection, sql, values);
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                rows.add(row.read(found));
            }
        }
        return rows;
    }

    public static <T, E extends Exception> Optional<T> first(
            Connection connection, String sql, Row<T, E> row, @Nullable Object... values)
            throws SQLException, E {
        try (PreparedStatement statement = bound(connection, sql, values);
                ResultSet found = statement.executeQuery()) {
            return found.next() ? Optional.of(row.read(found)) : Optional.empty();
        }
    }

    public static boolean exists(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        return first(connection, sql, row -> true, values).isPresent();
    }

    public static UUID id(ResultSet row, String column) throws SQLException {
        return UUID.fromString(row.getString(column));
    }

    public static Instant time(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    public static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    @SuppressWarnings("NullAway") // JDBC takes null for NULL
    private static PreparedStatement bound(
            Connection connection, String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        boolean bound = false;
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(
                        i + 1,
                        switch (values[i]) {
                            case UUID id -> id.toString();
                            case Instant time -> time.toEpochMilli();
                            case null -> null;
                            case Object value -> value;
                        });
            }
            bound = true;
            return statement;
        } finally {
            if (!bound) {
                statement.close();
            }
        }
    }
}
