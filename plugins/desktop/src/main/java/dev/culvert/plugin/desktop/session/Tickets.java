package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sessions that may begin: each by one WebSocket, soon, of whoever asked for it. Thread-safe.
final class Tickets {
    static final Duration LIFE = Duration.ofSeconds(30);

    /// Of everybody together.
    private static final int MOST = 1000;

    private static final int BYTES = 24;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Prepared> waiting = new HashMap<>();

    Tickets(InstantSource clock) {
        this.clock = clock;
    }

    /// Whose a session is. Immutable.
    ///
    /// @param session null for machines and for `anyone`
    record Owner(String actor, @Nullable UUID session, String application, String host) {
        static Owner of(Admitted admitted) {
            Person person = admitted.person();
            // Whom nobody knows is told apart by their address.
            String actor =
                    person == null
                            ? admitted.actor() + " at " + admitted.address()
                            : admitted.actor();
            return new Owner(
                    actor,
                    person == null ? null : person.session(),
                    admitted.application(),
                    admitted.host());
        }

        /// Whether they are one user of one application, whose sessions are counted together.
        boolean isSameUser(Owner other) {
            return actor.equals(other.actor) && application.equals(other.application);
        }
    }

    /// What was agreed on. Holds a secret until it is closed.
    record Prepared(
            Owner owner,
            DesktopSettings settings,
            DesktopSettings.Engine engine,
            Login login,
            Screen screen,
            HostCheck.Looked looked,
            Instant until)
            implements AutoCloseable {
        @Override
        public void close() {
            login.close();
        }
    }

    /// @return the ticket
    /// @throws RefusedException when too many wait
    synchronized String add(
            Admitted admitted,
            DesktopSettings.Engine engine,
            Login login,
            Screen screen,
            HostCheck.Looked looked)
            throws RefusedException {
        forgetOld();
        if (waiting.size() >= MOST) {
            throw new RefusedException(
                    "busy", "Too many sessions are beginning.", "Try again in a minute.");
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        waiting.put(
                ticket,
                new Prepared(
                        Owner.of(admitted),
                        admitted.desktop(),
                        engine,
                        login,
                        screen,
                        looked,
                        clock.instant().plus(LIFE)));
        return ticket;
    }

    /// Takes it: it is good once.
    ///
    /// @throws RefusedException when it is none, is somebody else's, or the rules have changed since
    synchronized Prepared take(String ticket, Admitted admitted) throws RefusedException {
        forgetOld();
        Prepared found = waiting.get(ticket);
        if (found == null || !found.owner().equals(Owner.of(admitted))) {
            throw new RefusedException(
                    "unknown_ticket",
                    "This session was begun already, or took too long to begin.",
                    "Connect again.");
        }
        waiting.remove(ticket);
        if (!Objects.equals(found.settings(), admitted.desktop())) {
            found.close();
            throw new RefusedException(
                    "rules_changed",
                    "The rules of this desktop were changed meanwhile.",
                    "Connect again.");
        }
        return found;
    }

    /// How many of a user wait.
    synchronized int of(Owner owner) {
        forgetOld();
        return (int)
                waiting.values().stream().filter(each -> each.owner().isSameUser(owner)).count();
    }

    /// To be called now and then.
    synchronized void forgetOld() {
        Instant now = clock.instant();
        for (Iterator<Prepared> all = waiting.values().iterator(); all.hasNext(); ) {
            Prepared each = all.next();
            if (!each.until().isAfter(now)) {
                each.close();
                all.remove();
            }
        }
    }
}
