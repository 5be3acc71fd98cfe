package dev.culvert.edge.admin;

import dev.culvert.edge.identity.FirstAdmin;
import dev.culvert.edge.identity.Invitations;
import dev.culvert.edge.identity.ServiceToken;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.recording.About;
import dev.culvert.recording.LiveRecording;
import dev.culvert.recording.RecordingId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What administrators change of who may come in, whichever way they come. Each change is written down
/// before it is made ([Changes]).
///
/// Thread-safe. Blocking: virtual threads only.
public final class Administration {
    private final AccessParts parts;
    private final Changes changes;

    /// A one-time link for somebody to choose a password.
    ///
    /// @param link a secret
    public record Invited(User user, String link, Instant expiresAt) {
        @Override
        public String toString() {
            return "Invited[" + user.email() + "]";
        }
    }

    public Administration(AccessParts parts) {
        this.parts = parts;
        this.changes = new Changes(parts.audit());
    }

    // ---- rules

    /// @return the version
    public long applyRules(String document, By by) throws StateException {
        return changes.make(
                by,
                "rules_apply",
                () -> parts.rules().apply(document, by.actor()),
                "characters",
                document.length());
    }

    // ---- sessions

    /// @throws StateException when there is no living session of this id
    public Session endSession(String text, By by) throws StateException {
        UUID id = sessionId(text);
        Session session = parts.sessions().byId(id);
        if (session == null) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "no session has the id " + id,
                    "see which there are with: gateway session list");
        }
        changes.make(
                by,
                "session_end",
                () -> parts.sessions().end(id),
                "session",
                id,
                "email",
                session.identity().email());
        return session;
    }

    private static UUID sessionId(String text) throws StateException {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new StateException(
                    Code.INVALID,
                    "session " + StateException.quoted(text) + " (expected: an id)",
                    "see which there are with: gateway session list",
                    e);
        }
    }

    /// @return how many there were
    public int endSessionsOf(String email, By by) throws StateException {
        return changes.make(
                by, "sessions_end", () -> parts.sessions().endAllOf(email), "email", email);
    }

    // ---- recordings

    /// Ends the session that a recording is made of.
    ///
    /// @throws StateException when none is made that is called so
    public void endRecorded(String id, By by) throws StateException {
        LiveRecording live =
                RecordingId.isId(id)
                        ? parts.recordings().live(new RecordingId(id)).orElse(null)
                        : null;
        if (live == null) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "no session that runs has the recording " + StateException.quoted(id),
                    "see which there are with: gateway recording list");
        }
        changes.make(
                by,
                "recorded_session_end",
                () -> live.end("an administrator ended this session"),
                about(live.about()));
    }

    /// Writes down who looks at whose recording.
    ///
    /// @param how `watched` (as it happens), `replayed` or `downloaded`
    public void looked(About recording, String how, By by) {
        parts.audit().record(by.event("recording_" + how, about(recording)));
    }

    private static Object[] about(About recording) {
        return new Object[] {
            "recording", recording.id().text(), "of", recording.who(), "host", recording.host()
        };
    }

    // ---- desktops

    /// Ends a remote desktop that runs.
    ///
    /// @throws StateException when there is none that is called so
    public void endDesktop(String id, By by) throws StateException {
        LiveSession session = parts.desktops().get(id);
        if (session == null) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "no desktop that runs is called " + StateException.quoted(id),
                    "see which there are with: gateway desktop list");
        }
        changes.make(
                by,
                "desktop_end",
                () -> {
                    session.end("An administrator ended this session.");
                    return true;
                },
                about(session));
    }

    /// Writes down who watches a remote desktop.
    ///
    /// @param control whether they may type and use the mouse, too
    public void watched(LiveSession session, boolean control, By by) {
        Object[] about = Arrays.copyOf(about(session), 8);
        about[6] = "control";
        about[7] = control ? "yes" : "no";
        parts.audit().record(by.event("desktop_watched", about));
    }

    private static Object[] about(LiveSession session) {
        return new Object[] {
            "desktop",
            session.id(),
            "of",
            session.admitted().actor(),
            "host",
            session.admitted().host()
        };
    }

    // ---- service tokens

    /// @param life null for one that does not expire
    public ServiceTokens.Made createToken(String name, @Nullable Duration life, By by)
            throws StateException {
        return changes.make(
                by,
                "service_token_create",
                () -> parts.serviceTokens().create(name, life),
                "token",
                name,
                "expires",
                life == null ? "never" : life);
    }

    /// @param overlap how long the old secret counts
    /// @param life from now, null keeps the expiry there is
    public ServiceTokens.Made rotateToken(
            String nameOrId, Duration overlap, @Nullable Duration life, By by)
            throws StateException {
        return changes.make(
                by,
                "service_token_rotate",
                () -> parts.serviceTokens().rotate(nameOrId, overlap, life),
                "token",
                nameOrId,
                "overlap",
                overlap);
    }

    public ServiceToken revokeToken(String nameOrId, By by) throws StateException {
        return changes.make(
                by,
                "service_token_revoke",
                () -> parts.serviceTokens().revoke(nameOrId),
                "token",
                nameOrId);
    }

    // ---- users

    /// Makes a user, and the link by which that user chooses a password.
    ///
    /// @param name empty for what stands before the @
    public Invited invite(String email, String name, boolean admin, By by) throws StateException {
        String shown = name.isBlank() ? email.strip().split("@", 2)[0] : name;
        return changes.make(
                by,
                "user_invite",
                () -> {
                    User user = parts.users().create(email, shown, admin);
                    return invited(user, parts.invitations().invite(user.id()), false);
                },
                "email",
                email,
                "admin",
                admin);
    }

    /// A link by which a user who lost the password, or never chose one, chooses another.
    public Invited reset(String emailOrId, By by) throws StateException {
        User user = user(emailOrId);
        return changes.make(
                by,
                "user_reset",
                () ->
                        user.hasPassword()
                                ? invited(user, parts.invitations().reset(user.id()), true)
                                : invited(user, parts.invitations().invite(user.id()), false),
                "email",
                user.email());
    }

    private Invited invited(User user, String token, boolean reset) {
        Duration validity = reset ? Invitations.RESET_VALIDITY : Invitations.INVITE_VALIDITY;
        return new Invited(
                user, parts.origin().get() + FirstAdmin.PATH + token, Instant.now().plus(validity));
    }

    /// Nobody gets in as this user until it is enabled again; its sessions end.
    public User disable(String emailOrId, By by) throws StateException {
        User user = user(emailOrId);
        return changes.make(
                by,
                "user_disable",
                () -> {
                    User disabled = parts.users().disable(user.id());
                    endSessionsOf(user);
                    return disabled;
                },
                "email",
                user.email());
    }

    private void endSessionsOf(User user) throws StateException {
        String id = user.id().toString();
        parts.sessions().endAll(session -> session.identity().id().equals(id));
    }

    public User enable(String emailOrId, By by) throws StateException {
        User user = user(emailOrId);
        return changes.make(
                by, "user_enable", () -> parts.users().enable(user.id()), "email", user.email());
    }

    /// Its sessions end.
    public User delete(String emailOrId, By by) throws StateException {
        User user = user(emailOrId);
        return changes.make(
                by,
                "user_delete",
                () -> {
                    parts.users().delete(user.id());
                    endSessionsOf(user);
                    return user;
                },
                "email",
                user.email());
    }

    public User setAdmin(String emailOrId, boolean admin, By by) throws StateException {
        User user = user(emailOrId);
        return changes.make(
                by,
                admin ? "user_make_admin" : "user_unmake_admin",
                () ->
                        admin
                                ? parts.users().makeAdmin(user.id())
                                : parts.users().unmakeAdmin(user.id()),
                "email",
                user.email());
    }

    private User user(String emailOrId) throws StateException {
        List<User> users = parts.users().list();
        for (User user : users) {
            if (user.email().equalsIgnoreCase(emailOrId)
                    || user.id().toString().equals(emailOrId)) {
                return user;
            }
        }
        throw new StateException(
                Code.NOT_FOUND,
                "no user is called " + StateException.quoted(emailOrId),
                "see which there are with: gateway user list");
    }
}
