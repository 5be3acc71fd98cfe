package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.state.StateException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.recording.About;
import dev.culvert.recording.Archive;
import dev.culvert.recording.Format;
import dev.culvert.recording.RecordingFiles;
import dev.culvert.recording.Summary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One of a recording's two files, for the player, or with `download` to be kept. Whoever gets what was
/// recorded is in the audit log. Thread-safe.
final class RecordingFile implements Place {
    static final String DATA = Paths.ADMIN_RECORDINGS + "/data";
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
        if (part == Archive.Part.DATA) {
            administration.looked(
                    summary.about(), download ? "downloaded" : "replayed", visit.by());
        }
        // Not closed when it fails: closing is what says that the answer is whole.
        OutputStream out =
                new WhileAdmin(
                        parts,
                        visit.session(),
                        visit.exchange().http().respond(200, headers(summary.about(), download)));
        parts.recordings().archive().copy(summary.about(), part, out);
        out.close();
    }

    private HeaderList headers(About about, boolean download) {
        HeaderList headers =
                HeaderList.of(
                        "Content-Type",
                        type(about.format()),
                        "Cache-Control",
                        "no-store",
                        "X-Content-Type-Options",
                        "nosniff");
        if (download) {
            Path data = parts.recordings().archive().file(about);
            Path name = (part == Archive.Part.DATA ? data : RecordingFiles.sidecar(data));
            headers.add(
                    "Content-Disposition", "attachment; filename=\"" + name.getFileName() + "\"");
        }
        return headers;
    }

    private String type(Format format) {
        if (part == Archive.Part.SIDECAR) {
            return "application/jsonl";
        }
        return switch (format) {
            case CAST -> "application/x-asciicast";
            case GUAC -> "application/octet-stream";
        };
    }
}
