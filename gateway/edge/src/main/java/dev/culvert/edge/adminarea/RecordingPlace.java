package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.pages.AdminRecordingPage;
import dev.culvert.edge.pages.AdminRecordingsPage.Entry;
import dev.culvert.edge.pages.AdminRecordingsPage.State;
import dev.culvert.edge.pages.Assets;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.state.StateException;
import dev.culvert.recording.Format;
import dev.culvert.recording.Summary;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One recording, replayed or watched while it is made. Thread-safe.
final class RecordingPlace implements Place {
    static final String PATH = Paths.ADMIN_RECORDINGS + "/view";

    private final AccessParts parts;

    /// @param id of a recording
    static String url(String id) {
        return PATH + "?id=" + id;
    }

    RecordingPlace(AccessParts parts) {
        this.parts = parts;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice)
            throws IOException, StateException {
        Summary summary = RecordingsPlace.named(parts, visit);
        if (summary == null) {
            return;
        }
        Entry entry = RecordingsPlace.entry(summary);
        boolean isTerminal = summary.about().format() == Format.CAST;
        String id = "?id=" + entry.id();
        visit.exchange()
                .show(
                        status,
                        new AdminRecordingPage(
                                visit.viewer(),
                                entry,
                                isTerminal && Assets.hasPlayer(),
                                (isTerminal && entry.state() == State.LIVE
                                                ? RecordingStream.PATH
                                                : RecordingFile.DATA)
                                        + id,
                                RecordingFile.DATA + id + "&download=yes",
                                RecordingFile.SIDECAR + id + "&download=yes",
                                RecordingCheck.PATH + id,
                                notice));
    }
}
