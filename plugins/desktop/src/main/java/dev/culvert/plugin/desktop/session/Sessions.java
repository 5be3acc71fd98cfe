package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.Shown;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions there are: what they begin with, how many, and when they end.
///
/// Thread-safe. Blocking.
public final class Sessions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);
    private static final int ID_BYTES = 10;
    private static final long REVIEW_MILLIS = 500;

    private final EdgeServices services;
    private final HostCheck hosts;
    private final Map<DesktopSettings.Engine, Engine> engines;
    private final Logins logins;
    private final WatchPage page;
    private final Tickets tickets;
    private final SecureRandom random = new SecureRandom();

    /// Guarded by this.
    private final List<Tickets.Owner> looking = new ArrayList<>();

    private final List<RunningSession> running = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService reviews =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("desktop-review").factory());

    /// @param engines both
    public Sessions(
            EdgeServices services,
            HostCheck hosts,
            Map<DesktopSettings.Engine, Engine> engines,
            Logins logins,
            WatchPage page) {
        this.services = services;
        this.hosts = hosts;
        this.engines = Map.copyOf(engines);
        this.logins = logins;
        this.page = page;
        this.tickets = new Tickets(services.clock());
        reviews.scheduleWithFixedDelay(
                this::review, REVIEW_MILLIS, REVIEW_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void review() {
        tickets.forgetOld();
        running.forEach(RunningSession::review);
    }

    /// The engine that a session of theirs would have.
    ///
    /// @throws RefusedException when there is none: nothing can be opened
    public DesktopSettings.Engine engine(Admitted admitted)
            throws RefusedException, InterruptedException {
        return able(admitted, EngineChoice.of(admitted));
    }

    /// That engine; guacd in its place when it cannot, and the application takes either.
    private DesktopSettings.Engine able(Admitted admitted, DesktopSettings.Engine wanted)
            throws RefusedException, InterruptedException {
        try {
            engine(wanted).require(admitted);
            return wanted;
        } catch (RefusedException e) {
            if (wanted == DesktopSettings.Engine.GUACD
                    || admitted.desktop().engine() != DesktopSettings.Engine.AUTO) {
                throw e;
            }
            try {
                engine(DesktopSettings.Engine.GUACD).require(admitted);
            } catch (RefusedException _) {
                throw e;
            }
            return DesktopSettings.Engine.GUACD;
        }
    }

    private Engine engine(DesktopSettings.Engine which) {
        Engine engine = engines.get(which);
        if (engine == null) {
            throw new IllegalStateException("no engine " + which);
        }
        return engine;
    }

    /// What the page is told when a session may begin. Immutable.
    ///
    /// @param nla whether the host insists on it
    /// @param stored whether the edge signs in
    public record Begun(
            String ticket, DesktopSettings.Engine engine, boolean nla, boolean stored) {}

    /// Looks at the host, and makes a ticket.
    ///
    /// @param body what the page posted
    /// @throws CertificateQuestion when the user has to be asked first
    /// @throws RefusedException when there is no session
    public Begun begin(Admitted admitted, byte[] body) throws IOException, InterruptedException {
        Opening opening = Opening.read(body);
        Login login = logins.of(admitted.application(), opening.login());
        Tickets.Owner owner = Tickets.Owner.of(admitted);
        boolean isLooking = false;
        boolean handedOn = false;
        try {
            engine(admitted);
            beginLooking(owner, admitted.desktop().sessionsPerUser());
            isLooking = true;
            HostCheck.Looked looked = hosts.look(admitted, opening.certificate());
            DesktopSettings.Engine engine =
                    able(admitted, EngineChoice.of(admitted, looked, login));
            String ticket = tickets.add(admitted, engine, login, opening.screen(), looked);
            handedOn = true;
            return new Begun(ticket, engine, looked.nla(), login.isStored());
        } catch (RefusedException e) {
            services.audit(EdgeServices.AuditNote.of(admitted, "refused", "code", e.code()));
            throw e;
        } finally {
            opening.login().close();
            if (isLooking) {
                endLooking(owner);
            }
            if (!handedOn) {
                login.close();
            }
        }
    }

    /// Takes a place until its host was looked at, and a ticket has it.
    private synchronized void beginLooking(Tickets.Owner owner, int most) throws RefusedException {
        long looks = looking.stream().filter(owner::isSameUser).count();
        if (open(owner) + tickets.of(owner) + looks >= most) {
            throw tooMany(most);
        }
        looking.add(owner);
    }

    private synchronized void endLooking(Tickets.Owner owner) {
        looking.remove(owner);
    }

    private long open(Tickets.Owner owner) {
        return running.stream().filter(each -> each.owner().isSameUser(owner)).count();
    }

    private static RefusedException tooMany(int most) {
        return new RefusedException(
                "too_many_sessions",
                "You have " + most + " sessions of this desktop open, as many as its rules allow.",
                "Close one of them.");
    }

    /// Runs the session of a ticket over its WebSocket until it is over.
    ///
    /// @param engine as the request names it
    /// @throws RefusedException when there is none; nothing was answered then
    public void run(
            Admitted admitted, String ticket, DesktopSettings.Engine engine, HttpExchange exchange)
            throws IOException, InterruptedException {
        try (Tickets.Prepared prepared = tickets.take(ticket, admitted)) {
            if (prepared.engine() != engine) {
                throw new RefusedException(
                        "unknown_ticket", "The ticket is for another engine.", "Connect again.");
            }
            RunningSession session = add(admitted, prepared);
            admitted.onEnd(session::end);
            try (Shown _ = services.show(session)) {
                session.note(
                        "opened",
                        "session",
                        session.id(),
                        "engine",
                        session.engine(),
                        "login",
                        prepared.login().user());
                engine(prepared.engine()).run(session, exchange);
            } finally {
                running.remove(session);
                session.note(
                        "ended",
                        "session",
                        session.id(),
                        "seconds",
                        session.seconds(),
                        "reason",
                        session.why());
                log.debug("Desktop session over id={} why={}", session.id(), session.why());
            }
        }
    }

    /// In one step, so that no two take the last place.
    private synchronized RunningSession add(Admitted admitted, Tickets.Prepared prepared)
            throws RefusedException {
        int most = admitted.desktop().sessionsPerUser();
        if (open(prepared.owner()) >= most) {
            throw tooMany(most);
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        RunningSession session =
                new RunningSession(
                        HexFormat.of().formatHex(id), services, page, admitted, prepared);
        running.add(session);
        return session;
    }

    /// Ends every session.
    @Override
    public void close() {
        reviews.shutdownNow();
        running.forEach(session -> session.end("The edge is stopping."));
    }
}
