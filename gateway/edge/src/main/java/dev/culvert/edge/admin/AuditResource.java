package dev.culvert.edge.admin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditExport;
import dev.culvert.edge.audit.AuditJson;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Form;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `audit`: what happened, also as it happens: with `after` and `wait` an answer comes as soon as there is
/// something to say.
final class AuditResource implements Resource {
    private static final int LIMIT = 100;
    private static final int MAX_LIMIT = 1000;
    private static final long MAX_WAIT_SECONDS = 25;
    private static final String[] FILTER = {
        "from", "until", "kind", "actor", "application", "outcome", "text"
    };

    private final AuditLog audit;

    AuditResource(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("audit", "export")) {
            return export(request);
        }
        if (!request.isAt("audit")) {
            throw request.unknown();
        }
        request.allow("GET");
        ResourcePath path = request.path();
        path.queries(with("after", "before", "limit", "wait"));
        long wait = Math.min(path.number("wait", 0), MAX_WAIT_SECONDS);
        long limit = Math.clamp(path.number("limit", LIMIT), 1, MAX_LIMIT);
        Long after = id(path, "after");
        if (wait > 0 && after == null) {
            throw ResourcePath.query("wait", "(expected: with after=ID)");
        }
        // Asked before the events, so that whoever asks again from there misses none.
        long last = audit.lastId();
        AuditQuery query = query(path.query(), after, id(path, "before"), (int) limit);
        return Answer.of(json(wait == 0 ? audit.find(query) : awaited(query, wait), last));
    }

    private List<AuditEvent> awaited(AuditQuery query, long seconds) throws StateException {
        try {
            return audit.await(query, Duration.ofSeconds(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private ObjectNode json(List<AuditEvent> events, long last) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        long newest = events.stream().mapToLong(AuditEvent::id).max().orElse(last);
        ArrayNode list = json.put("lastId", Math.max(last, newest)).putArray("events");
        json.put("failing", audit.isFailing());
        events.forEach(event -> list.add(AuditJson.of(event)));
        return json;
    }

    private Answer export(AdminRequest request) throws Refusal {
        request.allow("GET");
        request.path().queries(with("format"));
        AuditExport.Format format =
                switch (request.path().query().text("format")) {
                    case "", "jsonl" -> AuditExport.Format.JSONL;
                    case "csv" -> AuditExport.Format.CSV;
                    case String other ->
                            throw ResourcePath.query("format=" + other, "(expected: jsonl or csv)");
                };
        AuditQuery filter = query(request.path().query(), null, null, MAX_LIMIT);
        return new Answer.Download(
                format.type(), out -> AuditExport.write(audit, filter, format, out));
    }

    private static String[] with(String... more) {
        String[] all = Arrays.copyOf(FILTER, FILTER.length + more.length);
        System.arraycopy(more, 0, all, FILTER.length, more.length);
        return all;
    }

    private static @Nullable Long id(ResourcePath path, String name) throws Refusal {
        return path.query().text(name).isEmpty() ? null : path.number(name, 0);
    }

    private static AuditQuery query(
            Form query, @Nullable Long after, @Nullable Long before, int limit) throws Refusal {
        return new AuditQuery(
                after,
                before,
                moment(query, "from"),
                moment(query, "until"),
                kind(query.text("kind")),
                query.text("actor"),
                query.text("application"),
                query.text("outcome"),
                query.text("text"),
                limit);
    }

    static @Nullable Instant moment(Form query, String name) throws Refusal {
        String text = query.text(name);
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw ResourcePath.query(name + "=" + text, "(expected: such as 2026-11-29T08:00:00Z)");
        }
    }

    private static AuditEvent.@Nullable Kind kind(String word) throws Refusal {
        if (word.isEmpty()) {
            return null;
        }
        AuditEvent.Kind kind = AuditEvent.Kind.ofWord(word);
        if (kind == null) {
            throw ResourcePath.query(
                    "kind=" + word, "(expected: one of " + AuditEvent.Kind.words() + ")");
        }
        return kind;
    }
}
