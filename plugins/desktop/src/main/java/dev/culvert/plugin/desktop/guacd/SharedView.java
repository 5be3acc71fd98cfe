package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Viewing;
import dev.culvert.plugin.edge.LiveSession.Overseer;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;

/// A session that others join, by guacd's own sharing; its user is told. At most [#MOST] at a time. Thread-safe.
final class SharedView implements Viewing {
    static final int MOST = 10;

    private final GuacdAddress address;
    private final DesktopSession session;
    private final String connection;
    private final Browser user;
    private final @Nullable Tape tape;
    private final Set<Stop> watchers = new HashSet<>();
    private final AtomicInteger joined = new AtomicInteger();
    private boolean over;

    /// @param connection guacd's name of it
    /// @param user whose session it is
    SharedView(
            GuacdAddress address,
            DesktopSession session,
            String connection,
            Browser user,
            @Nullable Tape tape) {
        this.address = address;
        this.session = session;
        this.connection = connection;
        this.user = user;
        this.tape = tape;
    }

    @Override
    public int watchers() {
        synchronized (watchers) {
            return watchers.size();
        }
    }

    /// The session is over, for those who watch too.
    void close() {
        Set<Stop> all;
        synchronized (watchers) {
            over = true;
            all = Set.copyOf(watchers);
        }
        all.forEach(stop -> stop.end(Ending.ended("The session is over.")));
    }

    @Override
    public void join(Overseer who, HttpExchange exchange) throws IOException, InterruptedException {
        Stop stop = new Stop();
        Browser browser = new Browser(exchange, stop);
        browser.accept();
        try {
            enter(stop);
            try {
                watch(who, browser, stop);
            } finally {
                leave(stop);
            }
        } catch (RefusedException e) {
            browser.farewell(Ending.failed(GuacamoleStatus.SERVER_ERROR, e));
        } finally {
            browser.end();
        }
    }

    private void watch(Overseer who, Browser browser, Stop stop)
            throws IOException, InterruptedException {
        Rights rights = Rights.watching(who.control());
        String kind = session.admitted().kind();
        GuacdSocket guacd = address.connect();
        try {
            var screen = session.screen();
            new Handshake(guacd)
                    .join(
                            connection,
                            kind,
                            Handshake.client(
                                    screen.width(), screen.height(), screen.dpi(), who.actor()),
                            Parameters.watching(kind, rights)::known);
            String id = Integer.toString(joined.incrementAndGet());
            tell("1", id, who, "watches");
            try {
                new Relay(
                                guacd,
                                browser,
                                new Watcher(session, rights, tape),
                                stop,
                                session.admitted().id())
                        .run();
            } finally {
                tell("2", id, who, "watches no more");
            }
        } finally {
            guacd.disconnect();
        }
    }

    /// @param code of the instruction `msg`: 1 who joins, 2 who leaves
    private void tell(String code, String id, Overseer who, String does) {
        session.note(does.replace(' ', '_'), "watcher", who.actor(), "control", who.control());
        if (tape != null) {
            String how = who.control() ? " with keyboard and mouse" : "";
            tape.event("note", who.actor() + " " + does + how);
        }
        try {
            user.say(new GuacamoleInstruction("msg", code, id, who.actor()));
        } catch (IOException e) {
            // The session ends, which its own reader finds.
        }
    }

    private void enter(Stop stop) throws RefusedException {
        synchronized (watchers) {
            if (over || watchers.size() >= MOST) {
                throw new RefusedException(
                        "too_many_sessions",
                        over ? "The session is over." : MOST + " people watch this session.",
                        "Watch another one.");
            }
            watchers.add(stop);
        }
    }

    private void leave(Stop stop) {
        synchronized (watchers) {
            watchers.remove(stop);
        }
    }
}
