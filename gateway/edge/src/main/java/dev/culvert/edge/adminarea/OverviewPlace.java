package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.AdminOverviewPage;
import dev.culvert.edge.pages.AdminOverviewPage.Chart;
import dev.culvert.edge.pages.AdminOverviewPage.Chart.Series;
import dev.culvert.edge.pages.AdminOverviewPage.Chart.Unit;
import dev.culvert.edge.pages.AdminOverviewPage.Recent;
import dev.culvert.edge.pages.AdminOverviewPage.Tile;
import dev.culvert.edge.pages.AdminOverviewPage.Tunnel;
import dev.culvert.edge.pages.Health;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.Shown;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.tunnel.TunnelConnection;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How the edge is doing. Thread-safe.
final class OverviewPlace implements Place {
    static final String SAMPLES = Paths.ADMIN + "/samples";

    private static final int RECENT = 12;
    private static final List<Chart> CHARTS =
            List.of(
                    new Chart(
                            "Throughput",
                            Unit.BYTES_PER_SECOND,
                            SAMPLES,
                            List.of(
                                    new Series("sent", "To users"),
                                    new Series("received", "From users"))),
                    new Chart(
                            "Requests",
                            Unit.PER_SECOND,
                            SAMPLES,
                            List.of(new Series("requests", "Finished"))),
                    new Chart(
                            "Streams", Unit.COUNT, SAMPLES, List.of(new Series("streams", "Open"))),
                    new Chart(
                            "Tunnel connections",
                            Unit.COUNT,
                            SAMPLES,
                            List.of(new Series("connections", "Up"))));

    private final AccessParts parts;
    private final Supplier<Live> live;

    OverviewPlace(AccessParts parts, Supplier<Live> live) {
        this.parts = parts;
        this.live = live;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice)
            throws IOException, StateException {
        Live now = live.get();
        Map<UUID, List<TunnelConnection>> connections = TunnelsPlace.connections(now);
        List<Tunnel> tunnels =
                parts.state().listTunnels().stream()
                        .map(tunnel -> {
                            var own = connections.getOrDefault(tunnel.id(), List.of());
                            return new Tunnel(
                                    tunnel.name(),
                                    Health.of(own.size()),
                                    own.size(),
                                    own.stream().mapToInt(one -> one.carrier().load()).sum());
                        })
                        .toList();
        visit.exchange()
                .show(
                        status,
                        new AdminOverviewPage(
                                visit.viewer(), tiles(now, tunnels), CHARTS, tunnels, recent()));
    }

    private List<Tile> tiles(Live now, List<Tunnel> tunnels) {
        Live.Figures figures = now.figures();
        long up = tunnels.stream().filter(tunnel -> tunnel.health() != Health.DOWN).count();
        int connections = tunnels.stream().mapToInt(Tunnel::connections).sum();
        List<Session> sessions = parts.sessions().living();
        long people =
                sessions.stream().map(session -> session.identity().email()).distinct().count();
        boolean failing = parts.audit().isFailing();
        return List.of(
                new Tile(
                        "Tunnels up",
                        up + " of " + tunnels.size(),
                        Texts.count(connections, "connection", "connections"),
                        Paths.ADMIN_TUNNELS),
                new Tile(
                        "Open streams",
                        String.format(Locale.ROOT, "%,d", figures.streams()),
                        Texts.count(figures.requests(), "request", "requests")
                                + " and "
                                + Shown.bytes(figures.sent() + figures.received())
                                + " since the start",
                        null),
                new Tile(
                        "Signed in",
                        String.format(Locale.ROOT, "%,d", people),
                        Texts.count(sessions.size(), "session", "sessions"),
                        Paths.ADMIN_SESSIONS),
                new Tile(
                        "Audit log",
                        failing ? "Failing" : "Written",
                        failing
                                ? "Nobody new gets in until it works"
                                : Texts.count(parts.audit().lastId(), "event", "events"),
                        Paths.ADMIN_AUDIT));
    }

    private List<Recent> recent() throws StateException {
        AuditQuery decisions =
                new AuditQuery(
                        null, null, null, null, AuditEvent.Kind.DECISION, "", "", "", "", RECENT);
        return parts.audit().find(decisions).stream()
                .map(event -> {
                    String host = event.host();
                    return new Recent(
                            event.at(),
                            event.actor(),
                            host == null ? "" : host,
                            event.outcome(),
                            AuditPlace.isGood(event));
                })
                .toList();
    }
}
