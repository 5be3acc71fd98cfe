package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.Shown;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.recording.PublicKey;
import dev.culvert.recording.Summary;
import dev.culvert.recording.Verification;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What checking a recording says, as JSON for its page. Thread-safe.
final class RecordingCheck implements Place {
    static final String PATH = Paths.ADMIN_RECORDINGS + "/check";

    private static final JsonMapper MAPPER = new JsonMapper();

    private final AccessParts parts;

    RecordingCheck(AccessParts parts) {
        this.parts = parts;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice)
            throws IOException, StateException {
        Summary summary = RecordingsPlace.named(parts, visit);
        if (summary == null) {
            return;
        }
        visit.exchange().json(200, checked(summary));
    }

    private ObjectNode checked(Summary summary) throws StateException {
        Verification checked;
        try {
            checked = parts.recordings().archive().verify(summary.about());
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE, String.valueOf(e.getMessage()), "try again later", e);
        }
        PublicKey key = checked.key();
        boolean own = key != null && key.equals(parts.recordings().key());
        boolean good = own && checked.outcome() == Verification.Outcome.COMPLETE;
        return MAPPER.createObjectNode()
                .put("look", good ? "good" : "bad")
                .put("sentence", Shown.capitalized(checked.sentence()) + ".")
                .put(
                        "key",
                        key == null
                                ? "Nothing says by which key it was signed."
                                : "Signed by "
                                        + key.fingerprint()
                                        + (own
                                                ? ", this edge's key."
                                                : ", which is not this edge's key."));
    }
}
