package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.pages.Paths;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.plugin.edge.LiveSession.Overseer;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A running desktop as an administrator sees it, below `…/desktops/<id>/view/`: the session answers. What is here is who
/// may, until when, and the line in the audit log.
///
/// Thread-safe. Blocking: virtual threads only.
final class DesktopView {
    private static final Pattern PLACE =
            Pattern.compile(
                    Pattern.quote(Paths.ADMIN_DESKTOPS) + "/([A-Za-z0-9]{1,40})/view(?:/(.*))?");

    /// Whether they may go on is looked at so often.
    private static final long REVIEW_MILLIS = 250;

    /// A session that is over has so many looks to tell them itself.
    private static final int LOOKS = 3;

    private final AccessParts parts;
    private final Administration administration;

    DesktopView(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    static String url(LiveSession session) {
        return Paths.ADMIN_DESKTOPS + "/" + session.id() + "/view/";
    }

    /// @return false when the path is of something else: nothing was answered
    boolean handle(Visit visit) throws IOException, InterruptedException {
        Matcher place = PLACE.matcher(visit.exchange().path());
        if (!place.matches() || visit.exchange().isPost()) {
            return false;
        }
        LiveSession session = parts.desktops().get(place.group(1));
        String path = place.group(2);
        if (session == null) {
            over(visit);
        } else if (path == null) {
            visit.exchange().redirect(url(session));
        } else if (!session.unwatchable().isEmpty()) {
            visit.exchange()
                    .say(
                            409,
                            "This desktop cannot be watched",
                            "Because " + session.unwatchable() + ".");
        } else if (visit.exchange().http().isWebSocket()) {
            watch(visit, session, path);
        } else {
            session.view(overseer(visit), path, visit.exchange().http());
        }
        return true;
    }

    private static void over(Visit visit) throws IOException {
        visit.exchange()
                .say(404, "This desktop is not running", "Its session is over. Go to the list.");
    }

    private static Overseer overseer(Visit visit) {
        boolean control = !visit.exchange().query().text("control").isEmpty();
        return new Overseer(visit.by().actor(), control);
    }

    private void watch(Visit visit, LiveSession session, String path)
            throws IOException, InterruptedException {
        HttpExchange http = visit.exchange().http();
        if (!visit.exchange().isFromOwnPage()) {
            http.respond(
                    403,
                    HeaderList.of("Content-Type", "text/plain; charset=utf-8"),
                    "only for pages of this host\n".getBytes(StandardCharsets.UTF_8));
            return;
        }
        Overseer who = overseer(visit);
        administration.watched(session, who.control(), visit.by());
        OverseenExchange overseen = new OverseenExchange(http);
        Thread viewer = Thread.currentThread();
        Thread review =
                Thread.ofVirtual()
                        .name("desktop-review")
                        .start(() -> review(visit, session, overseen, viewer));
        try {
            session.view(who, path, overseen);
        } finally {
            review.interrupt();
        }
    }

    /// Until it is over, or should be.
    private void review(
            Visit visit, LiveSession session, OverseenExchange overseen, Thread viewer) {
        try {
            String why = null;
            for (int missing = 0; why == null; ) {
                Thread.sleep(REVIEW_MILLIS);
                missing = parts.desktops().get(session.id()) == session ? 0 : missing + 1;
                why = missing >= LOOKS ? "The session is over." : why(visit);
            }
            overseen.end(why);
            // What waits for the browser's next word.
            viewer.interrupt();
        } catch (InterruptedException e) {
            // It is over by itself.
        } catch (IOException e) {
            viewer.interrupt();
        }
    }

    /// Why they may not go on; null when they may.
    private @Nullable String why(Visit visit) {
        if (parts.sessions().byId(visit.session().id()) == null) {
            return "Your session has ended.";
        }
        return parts.users().isAdmin(visit.session().identity())
                ? null
                : "You are no administrator any more.";
    }
}
