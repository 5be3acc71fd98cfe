package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.AdminUsersPage;
import dev.culvert.edge.pages.AdminUsersPage.Standing;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.edge.web.Form;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Local accounts. Links for passwords are shown once, in the answer to the form that made them.
/// Thread-safe.
final class UsersPlace implements Place {
    private final AccessParts parts;
    private final Administration administration;

    UsersPlace(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice)
            throws IOException, StateException {
        show(visit, status, null, notice);
    }

    private void show(
            Visit visit, int status, AdminUsersPage.@Nullable Link link, @Nullable Notice notice)
            throws IOException, StateException {
        Map<UUID, Integer> passkeys = parts.passkeys().counts();
        Map<String, Instant> seen = parts.sessions().lastSeen();
        List<AdminUsersPage.User> users = new ArrayList<>();
        for (User user : parts.users().list()) {
            users.add(
                    new AdminUsersPage.User(
                            user.id().toString(),
                            user.email(),
                            user.name(),
                            user.isAdmin(),
                            standing(user, passkeys.getOrDefault(user.id(), 0)),
                            ways(user, passkeys.getOrDefault(user.id(), 0)),
                            seen.get(user.email()),
                            isSelf(visit, user.id().toString())));
        }
        visit.exchange().show(status, new AdminUsersPage(visit.viewer(), users, link, notice));
    }

    private static Standing standing(User user, int passkeys) {
        if (!user.isEnabled()) {
            return Standing.DISABLED;
        }
        return user.hasPassword() || passkeys > 0 ? Standing.ACTIVE : Standing.INVITED;
    }

    private static String ways(User user, int passkeys) {
        List<String> ways = new ArrayList<>();
        if (user.hasPassword()) {
            ways.add("password");
        }
        if (user.hasTotp()) {
            ways.add("authenticator");
        }
        if (passkeys > 0) {
            ways.add(Texts.count(passkeys, "passkey", "passkeys"));
        }
        return ways.isEmpty() ? "nothing yet" : String.join(", ", ways);
    }

    private static boolean isSelf(Visit visit, String id) {
        return visit.session().identity().id().equals(id);
    }

    @Override
    public boolean change(Visit visit, String action) throws IOException, StateException {
        Form form = visit.form();
        String id = form.text("id");
        switch (action) {
            case "invite" ->
                    shown(
                            visit,
                            "Invitation",
                            administration.invite(
                                    form.text("email"),
                                    form.text("name"),
                                    form.text("admin").equals("on"),
                                    visit.by()));
            case "reset" -> shown(visit, "New password", administration.reset(id, visit.by()));
            case "disable" -> {
                if (isSelf(visit, id)) {
                    throw new StateException(
                            Code.CONFLICT,
                            "you cannot disable yourself",
                            "have another administrator do it");
                }
                User user = administration.disable(id, visit.by());
                said(visit, user.email() + " is disabled. All their sessions have ended.");
            }
            case "enable" -> {
                User user = administration.enable(id, visit.by());
                said(visit, user.email() + " may sign in again.");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void said(Visit visit, String text) throws IOException, StateException {
        show(visit, 200, Notice.good(text));
    }

    private void shown(Visit visit, String purpose, Administration.Invited invited)
            throws IOException, StateException {
        show(
                visit,
                200,
                new AdminUsersPage.Link(
                        purpose, invited.user().email(), invited.link(), invited.expiresAt()),
                null);
    }
}
