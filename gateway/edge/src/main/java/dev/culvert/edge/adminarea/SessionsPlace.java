package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.AdminSessionsPage;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.signin.Agents;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Form;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everybody's sessions. Thread-safe.
final class SessionsPlace implements Place {
    private static final int SHOWN = 500;

    private final AccessParts parts;
    private final Administration administration;
    private final Supplier<Live> live;
    private final PublicListener.Countries countries;

    SessionsPlace(
            AccessParts parts,
            Administration administration,
            Supplier<Live> live,
            PublicListener.Countries countries) {
        this.parts = parts;
        this.administration = administration;
        this.live = live;
        this.countries = countries;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        Map<UUID, Long> streams = live.get().streamsBySession();
        UUID own = visit.session().id();
        List<Session> living = parts.sessions().living();
        List<AdminSessionsPage.Entry> entries =
                living.stream()
                        .sorted(
                                Comparator.comparing(Session::lastSeenAt)
                                        .thenComparing(Session::createdAt)
                                        .reversed())
                        .limit(SHOWN)
                        .map(session ->
                                shown(
                                        session,
                                        streams.getOrDefault(session.id(), 0L),
                                        session.id().equals(own)))
                        .toList();
        visit.exchange()
                .show(
                        status,
                        new AdminSessionsPage(visit.viewer(), living.size(), entries, notice));
    }

    private AdminSessionsPage.Entry shown(Session session, long streams, boolean current) {
        return new AdminSessionsPage.Entry(
                session.id().toString(),
                session.identity().email(),
                session.identity().loginMethod(),
                Agents.shown(session),
                session.address(),
                country(session.address()),
                session.createdAt(),
                session.lastSeenAt(),
                session.expiresAt(),
                (int) Math.min(streams, Integer.MAX_VALUE),
                current);
    }

    private @Nullable String country(String address) {
        try {
            return countries.country(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public boolean change(Visit visit, String action) throws IOException, StateException {
        Form form = visit.form();
        switch (action) {
            case "end" -> {
                Session ended = administration.endSession(form.text("id"), visit.by());
                said(visit, "The session of " + ended.identity().email() + " has ended.");
            }
            case "end-all" -> {
                String email = form.text("email");
                int ended = administration.endSessionsOf(email, visit.by());
                said(visit, Texts.count(ended, "session", "sessions") + " of " + email + " ended.");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void said(Visit visit, String text) throws IOException {
        show(visit, 200, Notice.good(text));
    }
}
