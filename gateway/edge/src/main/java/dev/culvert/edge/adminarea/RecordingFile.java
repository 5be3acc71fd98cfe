package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.state.StateException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.recording.Archive;
import dev.culvert.recording.RecordingId;
import dev.culvert.recording.Summary;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// One of a recording's two files, for the player, or with `download` to be kept. Whoever gets what was
/// recorded is in the audit log. Thread-safe.
final class RecordingFile implements Place {
    static final String CAST = Paths.ADMIN_RECORDINGS + "/cast";
    static final String SIDECAR = Paths.ADMIN_RECORDINGS + "/sidecar";

    private final AccessParts parts;
    private final Administration administration;
    private final Archive.Part part;

    RecordingFile(AccessParts parts, Administration administration, Archive.Part part) {
        this.parts = parts;
        this.administration = administration;
        this.part = part;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice)
            throws IOException, StateException {
        Summary summary = RecordingsPlace.named(parts, visit);
        if (summary == null) {
            return;
        }
        boolean download = !visit.exchange().query().text("download").isEmpty();
        if (part == Archive.Part.CAST) {
            administration.looked(
                    summary.about(), download ? "downloaded" : "replayed", visit.by());
        }
        RecordingId id = summary.about().id();
        // Not closed when it fails: closing is what says that the answer is whole.
        OutputStream out =
                new WhileAdmin(
                        parts,
                        visit.session(),
                        visit.exchange().http().respond(200, headers(id, download)));
        parts.recordings().archive().copy(id, part, out);
        out.close();
    }

    private HeaderList headers(RecordingId id, boolean download) {
        boolean cast = part == Archive.Part.CAST;
        HeaderList headers =
                HeaderList.of(
                        "Content-Type",
                        cast ? "application/x-asciicast" : "application/jsonl",
                        "Cache-Control",
                        "no-store",
                        "X-Content-Type-Options",
                        "nosniff");
        if (download) {
            String name = id.text() + (cast ? ".cast" : ".cast.sig");
            headers.add("Content-Disposition", "attachment; filename=\"" + name + "\"");
        }
        return headers;
    }
}
