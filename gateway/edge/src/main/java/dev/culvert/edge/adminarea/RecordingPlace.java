package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.pages.AdminDesktopRecordingPage;
import dev.culvert.edge.pages.AdminRecordingPage;
import dev.culvert.edge.pages.AdminRecordingsPage.Entry;
import dev.culvert.edge.pages.AdminRecordingsPage.State;
import dev.culvert.edge.pages.Assets;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.state.StateException;
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
        visit.exchange()
                .show(
                        status,
                        switch (summary.about().format()) {
                            case CAST -> terminal(visit, entry, notice);
                            case GUAC -> desktop(visit, entry, summary.about().input(), notice);
                        });
    }

    private static AdminRecordingPage terminal(Visit visit, Entry entry, @Nullable Notice notice) {
        String id = "?id=" + entry.id();
        return new AdminRecordingPage(
                visit.viewer(),
                entry,
                Assets.hasPlayer(),
                (entry.state() == State.LIVE ? RecordingStream.PATH : RecordingFile.DATA) + id,
                RecordingFile.DATA + id + "&download=yes",
                RecordingFile.SIDECAR + id + "&download=yes",
                RecordingCheck.PATH + id,
                notice);
    }

    private AdminDesktopRecordingPage desktop(
            Visit visit, Entry entry, boolean hasKeys, @Nullable Notice notice) {
        String id = "?id=" + entry.id();
        String watchUrl =
                parts.desktops().all().stream()
                        .filter(session -> session.recording().equals(entry.id()))
                        .findFirst()
                        .map(DesktopView::url)
                        .orElse(null);
        return new AdminDesktopRecordingPage(
                visit.viewer(),
                entry,
                hasKeys,
                watchUrl,
                RecordingFile.DATA + id,
                RecordingFile.DATA + id + "&download=yes",
                RecordingFile.SIDECAR + id + "&download=yes",
                RecordingCheck.PATH + id,
                notice);
    }
}
