package dev.culvert.edge.admin;

import dev.culvert.edge.recordings.EdgeRecordings;
import dev.culvert.edge.recordings.RecordingQuery;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.edge.web.Form;
import dev.culvert.recording.About;
import dev.culvert.recording.PublicKey;
import dev.culvert.recording.RecordingId;
import dev.culvert.recording.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `recordings`: the list, the key they are signed with, and ending a session that is recorded.
final class RecordingResource implements Resource {
    private static final int LIMIT = 50;
    private static final int MAX_LIMIT = 1000;

    private final EdgeRecordings recordings;
    private final Administration administration;

    RecordingResource(EdgeRecordings recordings, Administration administration) {
        this.recordings = recordings;
        this.administration = administration;
    }

    @Override
    public Answer answer(AdminRequest request) throws Refusal, StateException {
        if (request.isAt("recordings")) {
            request.allow("GET");
            return Answer.of(list(request.path()));
        }
        if (request.isAt("recordings", "key")) {
            request.allow("GET");
            return Answer.of(key());
        }
        if (request.isAt("recordings", "*", "end")) {
            request.allow("POST");
            administration.endRecorded(request.segment(1), By.CLI);
            return Answer.NOTHING;
        }
        throw request.unknown();
    }

    private ObjectNode key() throws StateException {
        PublicKey key = recordings.key();
        return Json.MAPPER
                .createObjectNode()
                .put("key", key.toString())
                .put("fingerprint", key.fingerprint());
    }

    private ObjectNode list(ResourcePath path) throws Refusal, StateException {
        path.queries("who", "host", "text", "from", "until", "before", "limit");
        Form query = path.query();
        RecordingQuery wanted =
                new RecordingQuery(
                        query.text("who"),
                        query.text("host"),
                        query.text("text"),
                        AuditResource.moment(query, "from"),
                        AuditResource.moment(query, "until"));
        int limit = (int) Math.clamp(path.number("limit", LIMIT), 1, MAX_LIMIT);
        ObjectNode json = Json.MAPPER.createObjectNode();
        ArrayNode list = json.putArray("recordings");
        find(wanted, before(query.text("before")), limit)
                .forEach(summary -> list.add(json(summary)));
        return json;
    }

    private static @Nullable RecordingId before(String text) throws Refusal {
        if (!text.isEmpty() && !RecordingId.isId(text)) {
            throw ResourcePath.query("before=" + text, "(expected: the id of a recording)");
        }
        return text.isEmpty() ? null : new RecordingId(text);
    }

    private List<Summary> find(RecordingQuery wanted, @Nullable RecordingId before, int limit)
            throws StateException {
        try {
            return recordings.archive().find(wanted, before, limit);
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE,
                    "the recordings cannot be read: " + e.getMessage(),
                    "check the disk they are on",
                    e);
        }
    }

    private ObjectNode json(Summary summary) {
        About about = summary.about();
        Path file = recordings.archive().file(about);
        return Json.MAPPER
                .createObjectNode()
                .put("id", about.id().text())
                .put("startedAt", about.startedAt().toString())
                .put("who", about.who())
                .put("application", about.application())
                .put("host", about.host())
                .put("login", about.login())
                .put("via", about.via())
                .put("kind", about.kind())
                .put("command", about.command())
                .put("address", about.address())
                .put("requestId", about.requestId())
                .put("state", summary.state().name().toLowerCase(Locale.ROOT))
                .put("seconds", summary.length().toMillis() / 1000.0)
                .put("bytes", summary.bytes())
                .put("gaps", summary.gaps())
                .put("missingBytes", summary.missing())
                .put("file", file.toString());
    }
}
