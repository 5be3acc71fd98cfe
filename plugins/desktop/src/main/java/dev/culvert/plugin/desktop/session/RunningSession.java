package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.plugin.edge.web.PageAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A session that runs. Thread-safe.
final class RunningSession implements DesktopSession, LiveSession {
    private final String id;
    private final EdgeServices services;
    private final WatchPage page;
    private final Admitted admitted;
    private final Tickets.Prepared prepared;
    private final Instant startedAt;
    private final long beganNanos = System.nanoTime();
    private volatile long activeNanos = beganNanos;
    private volatile boolean connected;
    private volatile @Nullable Viewing viewing;
    private volatile String recording = "";

    // Guarded by this.
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private String why = "";

    RunningSession(
            String id,
            EdgeServices services,
            WatchPage page,
            Admitted admitted,
            Tickets.Prepared prepared) {
        this.id = id;
        this.services = services;
        this.page = page;
        this.admitted = admitted;
        this.prepared = prepared;
        this.startedAt = services.clock().instant();
    }

    Tickets.Owner owner() {
        return prepared.owner();
    }

    /// Ends it when it is idle, or has no picture yet and should.
    void review() {
        long now = System.nanoTime();
        Duration idle = settings().idle();
        if (!connected && now - beganNanos > settings().connect().toNanos()) {
            end("The host showed no picture within " + settings().connect().toSeconds() + " s.");
        } else if (!idle.isZero() && now - activeNanos > idle.toNanos()) {
            end("Nothing went either way for " + words(idle) + ".");
        }
    }

    private static String words(Duration idle) {
        return idle.toMinutes() > 1 && idle.toSecondsPart() == 0
                ? idle.toMinutes() + " minutes"
                : idle.toSeconds() + " seconds";
    }

    /// Whole seconds since it began.
    long seconds() {
        return (System.nanoTime() - beganNanos) / 1_000_000_000L;
    }

    /// Why it was ended; empty when nobody did.
    synchronized String why() {
        return why;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Admitted admitted() {
        return admitted;
    }

    @Override
    public Login login() {
        return prepared.login();
    }

    @Override
    public Screen screen() {
        return prepared.screen();
    }

    @Override
    public String certificate() {
        return prepared.looked().certificate();
    }

    @Override
    public boolean nla() {
        return prepared.looked().nla();
    }

    @Override
    public void active() {
        activeNanos = System.nanoTime();
    }

    @Override
    public void connected() {
        connected = true;
    }

    @Override
    public void onEnd(Consumer<String> ended) {
        String reason;
        synchronized (this) {
            listeners.add(ended);
            reason = why;
        }
        if (!reason.isEmpty()) {
            ended.accept(reason);
        }
    }

    @Override
    public void end(String reason) {
        List<Consumer<String>> told;
        synchronized (this) {
            if (!why.isEmpty()) {
                return;
            }
            why = reason;
            told = List.copyOf(listeners);
        }
        told.forEach(each -> each.accept(reason));
    }

    @Override
    public void watchable(Viewing by) {
        viewing = by;
    }

    @Override
    public void recordedAs(String name) {
        recording = name;
    }

    @Override
    public void note(String outcome, Object... details) {
        services.audit(AuditNote.of(admitted, outcome, details));
    }

    @Override
    public String engine() {
        return prepared.engine().word();
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public String recording() {
        return recording;
    }

    @Override
    public String unwatchable() {
        if (prepared.engine() == DesktopSettings.Engine.BUILT_IN) {
            return "the built-in engine shows a desktop to its user alone";
        }
        return viewing == null ? "it is still connecting" : "";
    }

    @Override
    public int watchers() {
        Viewing now = viewing;
        return now == null ? 0 : now.watchers();
    }

    @Override
    public void view(Overseer who, String path, HttpExchange exchange)
            throws IOException, InterruptedException {
        // What nobody may do, no administrator does in somebody's name.
        Overseer seen = new Overseer(who.actor(), who.control() && !settings().readOnly());
        Viewing now = viewing;
        if (path.equals(WatchPage.SOCKET) && exchange.isWebSocket() && now != null) {
            now.join(seen, exchange);
        } else if (!page.handle(path, exchange, seen.control())) {
            PageAnswer.text(exchange, 404, "there is no such page\n");
        }
    }
}
