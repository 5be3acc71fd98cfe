package dev.culvert.edge.audit;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wanted of the audit log; null and empty are no condition. Immutable.
///
/// @param after events with a greater id, the oldest first
/// @param before events with a smaller id, the newest first; wins over `after`
/// @param from moments beyond what a `long` of milliseconds holds are the last that it does; so for `until`
/// @param text part of actor, host, address, policy or request id
/// @param limit at most so many, 1 to 10,000
public record AuditQuery(
        @Nullable Long after,
        @Nullable Long before,
        @Nullable Instant from,
        @Nullable Instant until,
        AuditEvent.@Nullable Kind kind,
        String actor,
        String application,
        String outcome,
        String text,
        int limit) {
    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    public AuditQuery {
        from = clamp(from);
        until = clamp(until);
        limit = Math.clamp(limit, 1, 10_000);
    }

    private static @Nullable Instant clamp(@Nullable Instant moment) {
        if (moment == null) {
            return null;
        }
        return moment.isBefore(EARLIEST) ? EARLIEST : moment.isAfter(LATEST) ? LATEST : moment;
    }

    /// The newest first.
    public static AuditQuery newest(int limit) {
        return new AuditQuery(null, null, null, null, null, "", "", "", "", limit);
    }

    /// What came after an event, the oldest first.
    public static AuditQuery after(long id, int limit) {
        return new AuditQuery(id, null, null, null, null, "", "", "", "", limit);
    }

    /// So many of the same, after an event.
    AuditQuery piece(long id, int size) {
        return new AuditQuery(id, null, from, until, kind, actor, application, outcome, text, size);
    }

    private static final String LIKE =
            "(actor LIKE ? ESCAPE '\\' OR host LIKE ? ESCAPE '\\' OR address LIKE ? ESCAPE '\\'"
                    + " OR policy LIKE ? ESCAPE '\\' OR request_id LIKE ? ESCAPE '\\')";

    /// The sign before `at` keeps its index out: events come in the order of their ids, without being sorted
    /// anew for each piece.
    String where() {
        List<String> conditions = new ArrayList<>();
        if (before != null) {
            conditions.add("id < ?");
        } else if (after != null) {
            conditions.add("id > ?");
        }
        add(conditions, from != null, "+at >= ?");
        add(conditions, until != null, "+at < ?");
        add(conditions, kind != null, "kind = ?");
        add(conditions, !actor.isEmpty(), "actor = ?");
        add(conditions, !application.isEmpty(), "application = ?");
        add(conditions, !outcome.isEmpty(), "outcome = ?");
        add(conditions, !text.isEmpty(), LIKE);
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private static void add(List<String> conditions, boolean wanted, String condition) {
        if (wanted) {
            conditions.add(condition);
        }
    }

    String order() {
        boolean oldestFirst = before == null && after != null;
        return " ORDER BY id " + (oldestFirst ? "ASC" : "DESC") + " LIMIT ?";
    }

    void fill(PreparedStatement statement) throws SQLException {
        int at = 1;
        if (before != null) {
            statement.setLong(at++, before);
        } else if (after != null) {
            statement.setLong(at++, after);
        }
        if (from != null) {
            statement.setLong(at++, from.toEpochMilli());
        }
        if (until != null) {
            statement.setLong(at++, until.toEpochMilli());
        }
        if (kind != null) {
            statement.setString(at++, kind.word());
        }
        for (String exact : List.of(actor, application, outcome)) {
            if (!exact.isEmpty()) {
                statement.setString(at++, exact);
            }
        }
        if (!text.isEmpty()) {
            String escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
            for (int i = 0; i < 5; i++) {
                statement.setString(at++, "%" + escaped + "%");
            }
        }
        statement.setInt(at, limit);
    }
}
