package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.StateException;
import dev.culvert.policy.Identity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The living sessions, in memory and in the database. What ends one is told to listeners on the thread
/// that ended it, after it is in the database and no longer found here.
///
/// Thread-safe. Questions never block; changes do: virtual threads only.
public final class Sessions {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);
    private static final int MAX_AGENT = 200;
    private static final int MAX_SESSIONS = 200_000;
    private static final int MAX_SESSIONS_OF_ONE = 200;
    private static final Duration KEPT = Duration.ofDays(30);

    private final Database database;
    private final InstantSource clock;
    private final Map<UUID, Session> byId = new ConcurrentHashMap<>();
    private final Map<String, UUID> byHash = new ConcurrentHashMap<>();
    private final Map<UUID, Instant> seen = new ConcurrentHashMap<>();

    /// Ended, but not in the database yet.
    private final Map<UUID, Instant> unwritten = new ConcurrentHashMap<>();

    private final List<Consumer<Session>> listeners = new CopyOnWriteArrayList<>();

    /// A session and the secret that its browser or command line keeps; shown once.
    public record Begun(Session session, String secret) {
        @Override
        public String toString() {
            return "Begun[" + session.id() + "]";
        }
    }

    public Sessions(Database database, InstantSource clock) throws StateException {
        this.database = database;
        this.clock = clock;
        for (SessionTable.Row row :
                database.transaction(c -> SessionTable.living(c, clock.instant()))) {
            byId.put(row.session().id(), row.session());
            byHash.put(row.secretHash(), row.session().id());
        }
    }

    public Begun begin(
            Session.Kind kind, Identity identity, String address, String agent, Duration life)
            throws StateException {
        Begun begun = make(kind, identity, address, agent, life);
        SessionTable.Row row = new SessionTable.Row(begun.session(), Secrets.hash(begun.secret()));
        database.transaction(c -> {
            SessionTable.insert(c, row);
            return true;
        });
        return known(begun);
    }

    /// Begins one that is over with this process at the latest, for when the database cannot be written.
    public Begun beginUnkept(
            Session.Kind kind, Identity identity, String address, String agent, Duration life)
            throws StateException {
        return known(make(kind, identity, address, agent, life));
    }

    private Begun known(Begun begun) throws StateException {
        byId.put(begun.session().id(), begun.session());
        byHash.put(Secrets.hash(begun.secret()), begun.session().id());
        endBeyond(begun.session().identity().email());
        return begun;
    }

    /// Nobody takes the places of others: whoever has very many loses the oldest.
    private void endBeyond(String email) throws StateException {
        List<Session> own = livingOf(email);
        if (own.size() > MAX_SESSIONS_OF_ONE) {
            Set<UUID> oldest =
                    own.subList(MAX_SESSIONS_OF_ONE, own.size()).stream()
                            .map(Session::id)
                            .collect(Collectors.toSet());
            endAll(session -> oldest.contains(session.id()));
        }
    }

    private Begun make(
            Session.Kind kind, Identity identity, String address, String agent, Duration life)
            throws StateException {
        if (byId.size() >= MAX_SESSIONS) {
            throw new StateException(
                    StateException.Code.LIMIT,
                    "there are " + MAX_SESSIONS + " sessions already",
                    "end some: gateway session end --all-of EMAIL");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Session session =
                new Session(
                        UUID.randomUUID(),
                        kind,
                        identity,
                        address,
                        agent.length() > MAX_AGENT ? agent.substring(0, MAX_AGENT) : agent,
                        now,
                        now.plus(life),
                        now);
        return new Begun(session, Secrets.make());
    }

    /// @return null when it is over or never was
    public @Nullable Session byId(UUID id) {
        Session session = byId.get(id);
        return session == null || !session.expiresAt().isAfter(clock.instant()) ? null : session;
    }

    /// @param secret as the browser shows it
    public @Nullable Session bySecret(String secret) {
        UUID id = byHash.get(Secrets.hash(secret));
        return id == null ? null : byId(id);
    }

    /// Notes that it was used; written to the database now and then by [#maintain].
    public void seen(Session session) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        if (now.isAfter(session.lastSeenAt())) {
            byId.computeIfPresent(session.id(), (id, known) -> known.seen(now));
            seen.put(session.id(), now);
        }
    }

    /// The newest first.
    public List<Session> living() {
        return living(session -> true);
    }

    public List<Session> livingOf(String email) {
        return living(session -> session.identity().email().equals(email));
    }

    /// Somebody's that began last.
    ///
    /// @param identity of [Identity#id]
    /// @return null when none is alive
    public @Nullable Session newestOf(String identity) {
        Instant now = clock.instant();
        return byId.values().stream()
                .filter(session -> session.identity().id().equals(identity))
                .filter(session -> session.expiresAt().isAfter(now))
                .max(Comparator.comparing(Session::createdAt))
                .orElse(null);
    }

    private List<Session> living(Predicate<Session> which) {
        Instant now = clock.instant();
        return byId.values().stream()
                .filter(which)
                .filter(session -> session.expiresAt().isAfter(now))
                .sorted(Comparator.comparing(Session::createdAt).reversed())
                .toList();
    }

    /// The newest of somebody's, living or over; null when none is remembered. Blocking.
    public @Nullable Session lastOf(String email) throws StateException {
        return database.transaction(c -> Optional.ofNullable(SessionTable.lastOf(c, email)))
                .orElse(null);
    }

    /// When each e-mail address was seen last, in sessions that are remembered. Blocking.
    public Map<String, Instant> lastSeen() throws StateException {
        Map<String, Instant> seen = new HashMap<>();
        database.transaction(SessionTable::lastSeen)
                .forEach(entry -> seen.put(entry.getKey(), entry.getValue()));
        living().forEach(session ->
                seen.merge(
                        session.identity().email(),
                        session.lastSeenAt(),
                        (one, other) -> one.isAfter(other) ? one : other));
        return seen;
    }

    /// @return false when it is over already
    public boolean end(UUID id) throws StateException {
        return endAll(session -> session.id().equals(id)) > 0;
    }

    /// @return how many there were
    public int endAllOf(String email) throws StateException {
        return endAll(session -> session.identity().email().equals(email));
    }

    /// Also those that begin meanwhile. When the database cannot be written they are over all the same, and
    /// that is written later.
    ///
    /// @return how many there were
    public int endAll(Predicate<Session> which) throws StateException {
        int ended = 0;
        List<Session> ending = byId.values().stream().filter(which).toList();
        while (!ending.isEmpty()) {
            ending.forEach(session -> unwritten.put(session.id(), clock.instant()));
            forget(ending);
            ended += ending.size();
            ending = byId.values().stream().filter(which).toList();
        }
        try {
            writeEnds();
        } catch (StateException e) {
            if (e.code() != StateException.Code.STORAGE) {
                throw e;
            }
            log.warn("Ends of sessions are not written down yet count={}", unwritten.size(), e);
        }
        return ended;
    }

    private void writeEnds() throws StateException {
        Map<UUID, Instant> ends = Map.copyOf(unwritten);
        if (ends.isEmpty()) {
            return;
        }
        database.transaction(c -> {
            for (Map.Entry<UUID, Instant> end : ends.entrySet()) {
                SessionTable.end(c, end.getKey(), end.getValue());
            }
            return true;
        });
        ends.forEach(unwritten::remove);
    }

    private void forget(List<Session> ending) {
        for (Session session : ending) {
            byId.remove(session.id());
            seen.remove(session.id());
        }
        byHash.values().removeIf(id -> !byId.containsKey(id));
        ending.forEach(session -> listeners.forEach(listener -> listener.accept(session)));
    }

    /// Told of each session that was ended or has expired. Must be quick.
    public void onEnd(Consumer<Session> listener) {
        listeners.add(listener);
    }

    /// Forgets what has expired and writes down when sessions were last seen. To be called each minute.
    public void maintain() throws StateException {
        Instant now = clock.instant();
        forget(
                byId.values().stream()
                        .filter(session -> !session.expiresAt().isAfter(now))
                        .toList());
        Map<UUID, Instant> written = Map.copyOf(seen);
        database.transaction(c -> {
            SessionTable.seen(c, written);
            SessionTable.prune(c, now.minus(KEPT));
            return true;
        });
        written.forEach(seen::remove);
        writeEnds();
    }
}
