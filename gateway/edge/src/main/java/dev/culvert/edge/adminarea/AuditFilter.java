package dev.culvert.edge.adminarea;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.pages.AdminAuditPage;
import dev.culvert.edge.web.Form;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a page of the audit log is asked for. Values that make no sense are as if they were not given.
/// Immutable.
///
/// @param before only events with a smaller id, null for all
/// @param after only events with a greater id, null for all
record AuditFilter(
        AdminAuditPage.Filter shown,
        @Nullable Instant from,
        @Nullable Instant until,
        AuditEvent.@Nullable Kind kind,
        @Nullable Long before,
        @Nullable Long after) {

    static AuditFilter of(Form query) {
        Instant from = moment(query.text("from"));
        Instant until = moment(query.text("to"));
        AuditEvent.Kind kind = AuditEvent.Kind.ofWord(query.text("kind"));
        return new AuditFilter(
                new AdminAuditPage.Filter(
                        from == null ? "" : query.text("from"),
                        until == null ? "" : query.text("to"),
                        kind == null ? "" : kind.word(),
                        query.text("actor").strip(),
                        query.text("application"),
                        query.text("outcome")),
                from,
                until,
                kind,
                id(query.text("before")),
                id(query.text("after")));
    }

    /// `2026-11-29T08:00` in UTC, as `datetime-local` fields send it; seconds may be there.
    static @Nullable Instant moment(String text) {
        try {
            return text.isEmpty() ? null : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Long id(String text) {
        return text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
    }

    /// @param limit at most so many events
    AuditQuery query(int limit) {
        return new AuditQuery(
                after,
                before,
                from,
                until,
                kind,
                shown.actor(),
                shown.application(),
                shown.outcome(),
                "",
                limit);
    }

    /// The same filter at a path.
    ///
    /// @param more names and values in turn
    String url(String path, String... more) {
        List<String> pairs = new ArrayList<>();
        add(pairs, "from", shown.from());
        add(pairs, "to", shown.to());
        add(pairs, "kind", shown.kind());
        add(pairs, "actor", shown.actor());
        add(pairs, "application", shown.application());
        add(pairs, "outcome", shown.outcome());
        for (int i = 0; i < more.length; i += 2) {
            add(pairs, more[i], more[i + 1]);
        }
        return pairs.isEmpty() ? path : path + "?" + String.join("&", pairs);
    }

    private static void add(List<String> pairs, String name, String value) {
        if (!value.isEmpty()) {
            pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
