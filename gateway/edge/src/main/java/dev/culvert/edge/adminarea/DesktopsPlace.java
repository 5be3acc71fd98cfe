package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.pages.AdminDesktopsPage;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.LiveSession;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Remote desktops that run. Thread-safe.
final class DesktopsPlace implements Place {
    private static final int SHOWN = 500;

    private final AccessParts parts;
    private final Administration administration;

    DesktopsPlace(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        visit.exchange()
                .show(
                        status,
                        new AdminDesktopsPage(
                                visit.viewer(),
                                parts.desktops().all().stream()
                                        .limit(SHOWN)
                                        .map(DesktopsPlace::entry)
                                        .toList(),
                                notice));
    }

    private static AdminDesktopsPage.Entry entry(LiveSession session) {
        String recording = session.recording();
        return new AdminDesktopsPage.Entry(
                session.id(),
                session.admitted().actor(),
                session.admitted().address(),
                session.admitted().application(),
                session.admitted().host(),
                session.admitted().kind(),
                session.engine().replace('_', '-'),
                session.startedAt(),
                recording.isEmpty() ? null : RecordingPlace.url(recording),
                session.watchers(),
                DesktopView.url(session),
                session.unwatchable());
    }

    @Override
    public boolean change(Visit visit, String action) throws IOException, StateException {
        if (!action.equals("end")) {
            return false;
        }
        administration.endDesktop(visit.form().text("id"), visit.by());
        show(visit, 200, Notice.good("The session ends."));
        return true;
    }
}
