package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.signin.AuthExchange;
import dev.culvert.edge.signin.Section;
import dev.culvert.edge.state.StateException;
import dev.culvert.recording.Archive;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything below [Paths#ADMIN]. Only administrators' requests come here, and POSTs only from its own
/// pages. What a page changes goes through [Administration], as commands do.
///
/// Thread-safe. Blocking: virtual threads only.
public final class AdminArea implements Section {
    private static final Logger log = LoggerFactory.getLogger(AdminArea.class);

    private final Map<String, Place> places;
    private final DesktopView desktopView;

    /// @param live what goes on, asked each time
    /// @param samples drawn on the overview
    /// @param countries of addresses, for show
    public AdminArea(
            AccessParts parts,
            Supplier<Live> live,
            Samples samples,
            PublicListener.Countries countries) {
        Administration administration = new Administration(parts);
        desktopView = new DesktopView(parts, administration);
        RecordingsPlace recordings = new RecordingsPlace(parts, administration);
        places =
                Map.ofEntries(
                        Map.entry(Paths.ADMIN, new OverviewPlace(parts, live)),
                        Map.entry(
                                OverviewPlace.SAMPLES,
                                (visit, status, notice) ->
                                        visit.exchange().json(200, samples.json())),
                        Map.entry(Paths.ADMIN_TUNNELS, new TunnelsPlace(parts, live)),
                        Map.entry(Paths.ADMIN_ROUTES, new RoutesPlace(parts)),
                        Map.entry(Paths.ADMIN_APPLICATIONS, new ApplicationsPlace(parts)),
                        Map.entry(Paths.ADMIN_USERS, new UsersPlace(parts, administration)),
                        Map.entry(Paths.ADMIN_TOKENS, new TokensPlace(parts, administration)),
                        Map.entry(
                                Paths.ADMIN_SESSIONS,
                                new SessionsPlace(parts, administration, live, countries)),
                        Map.entry(Paths.ADMIN_DESKTOPS, new DesktopsPlace(parts, administration)),
                        Map.entry(Paths.ADMIN_AUDIT, new AuditPlace(parts)),
                        Map.entry(AuditPlace.EXPORT, new AuditDownload(parts)),
                        Map.entry(Paths.ADMIN_RECORDINGS, recordings),
                        Map.entry(RecordingPlace.PATH, new RecordingPlace(parts)),
                        Map.entry(
                                RecordingFile.DATA,
                                new RecordingFile(parts, administration, Archive.Part.DATA)),
                        Map.entry(
                                RecordingFile.SIDECAR,
                                new RecordingFile(parts, administration, Archive.Part.SIDECAR)),
                        Map.entry(RecordingCheck.PATH, new RecordingCheck(parts)),
                        Map.entry(
                                RecordingStream.PATH, new RecordingStream(parts, administration)));
    }

    @Override
    public void handle(AuthExchange exchange) throws IOException, InterruptedException {
        Visit visit = new Visit(exchange, exchange.viewer(true));
        if (!desktopView.handle(visit)) {
            handle(exchange, visit);
        }
    }

    private void handle(AuthExchange exchange, Visit visit) throws IOException {
        String path = exchange.path();
        int slash = path.lastIndexOf('/');
        Place whole = places.get(path);
        // The overview has no forms.
        Place above = slash == Paths.ADMIN.length() ? null : places.get(path.substring(0, slash));
        try {
            if (whole != null && !exchange.isPost()) {
                whole.show(visit, 200, null);
            } else if (above == null) {
                nothing(visit);
            } else if (exchange.isPost()) {
                change(above, visit, path.substring(slash + 1));
            } else {
                // Where a form led: the page again, for whoever reloads it and for its own script.
                above.show(visit, 200, null);
            }
        } catch (StateException e) {
            log.warn("A page of the admin area failed path={}", path, e);
            exchange.say(503, "The edge's state does not answer", Texts.sentence(e));
        }
    }

    private static void change(Place place, Visit visit, String action)
            throws IOException, StateException {
        try {
            if (!place.change(visit, action)) {
                nothing(visit);
            }
        } catch (StateException e) {
            place.show(visit, e.code().httpStatus(), Notice.bad(Texts.sentence(e)));
        }
    }

    private static void nothing(Visit visit) throws IOException {
        visit.exchange().say(404, "There is no such page", "Go to the admin area's start page.");
    }
}
