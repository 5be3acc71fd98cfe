package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.PastedKey;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.SshKey;
import dev.culvert.edge.identity.SshKeys;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.SshKeysPage;
import dev.culvert.edge.state.StateException;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A person's own SSH keys, whoever vouches for that person: looking at them, adding with a sign-in not longer ago
/// than ten minutes, removing. Changes are written down.
///
/// Thread-safe. Blocking: virtual threads only.
final class OwnSshKeys implements Section {
    private static final Logger log = LoggerFactory.getLogger(OwnSshKeys.class);

    private final SshKeys keys;
    private final AuditLog audit;
    private final Predicate<Identity> isAdmin;
    private final InstantSource clock;

    OwnSshKeys(SshKeys keys, AuditLog audit, Predicate<Identity> isAdmin, InstantSource clock) {
        this.keys = keys;
        this.audit = audit;
        this.isAdmin = isAdmin;
        this.clock = clock;
    }

    @Override
    public void handle(AuthExchange exchange) throws IOException {
        String rest = exchange.path().substring(Paths.ACCOUNT_SSH_KEYS.length());
        Session session = Objects.requireNonNull(exchange.session());
        try {
            if (!exchange.isPost()) {
                show(exchange, session, 200, "", null);
            } else if (rest.equals("/add")) {
                add(exchange, session);
            } else if (rest.equals("/remove")) {
                remove(exchange, session);
            } else {
                exchange.say(404, "There is no such page", "Go back to your account.");
            }
        } catch (StateException e) {
            log.error("SSH keys could not be changed requestId={}", exchange.requestId(), e);
            exchange.say(503, "Your keys cannot be changed at the moment", "Try again later.");
        }
    }

    private void add(AuthExchange exchange, Session session) throws IOException, StateException {
        if (!AccountPage.isRecent(session, clock)) {
            AccountPage.signInAgain(exchange, Paths.ACCOUNT_SSH_KEYS);
            return;
        }
        String typed = exchange.form().text("key");
        SshKey added;
        try {
            added =
                    keys.add(
                            session.identity(),
                            exchange.form().text("name"),
                            PastedKey.parse(typed));
        } catch (StateException e) {
            AccountPage.requireOwnFault(e);
            // A private key goes no further than here.
            String again = typed.contains("PRIVATE") ? "" : typed;
            show(exchange, session, 400, again, Notice.bad(Welcome.sentence(e)));
            return;
        }
        written(exchange, session, "ssh_key_added", added.fingerprint());
        show(exchange, session, 200, "", Notice.good("The key " + added.name() + " is added."));
    }

    private void remove(AuthExchange exchange, Session session) throws IOException, StateException {
        String fingerprint = exchange.form().text("id");
        if (keys.remove(session.identity().id(), fingerprint)) {
            written(exchange, session, "ssh_key_removed", fingerprint);
            show(exchange, session, 200, "", Notice.good("The key is removed."));
        } else {
            show(exchange, session, 404, "", Notice.bad("You have no such key."));
        }
    }

    private void written(
            AuthExchange exchange, Session session, String outcome, String fingerprint) {
        audit.record(
                AuditEvent.of(AuditEvent.Kind.ADMIN, session.identity().email(), outcome)
                        .from(exchange.visitor().text(), exchange.visitor().country())
                        .request(exchange.requestId())
                        .detail("key", fingerprint)
                        .build());
    }

    private void show(
            AuthExchange exchange,
            Session session,
            int status,
            String typed,
            @Nullable Notice notice)
            throws IOException, StateException {
        List<SshKeysPage.Key> shown =
                keys.list(session.identity().id()).stream().map(OwnSshKeys::shown).toList();
        exchange.show(
                status, new SshKeysPage(Launcher.viewer(exchange, isAdmin), shown, typed, notice));
    }

    private static SshKeysPage.Key shown(SshKey key) {
        return new SshKeysPage.Key(
                key.fingerprint(), kind(key.type()), key.name(), key.createdAt(), key.lastUsedAt());
    }

    /// As `ssh-keygen -l` calls it.
    private static String kind(String type) {
        String kind =
                type.contains("ed25519") ? "ED25519" : type.contains("ecdsa") ? "ECDSA" : "RSA";
        return type.toLowerCase(Locale.ROOT).startsWith("sk-") ? kind + "-SK" : kind;
    }
}
