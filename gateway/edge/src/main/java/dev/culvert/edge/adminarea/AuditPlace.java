package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.pages.AdminAuditPage;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.state.StateException;
import dev.culvert.policy.Application;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The audit log, page by page. Thread-safe.
final class AuditPlace implements Place {
    static final String EXPORT = Paths.ADMIN_AUDIT + "/export";

    private static final int PAGE = 50;

    /// Applications that are gone and outcomes are offered as far as these events have them.
    private static final int LOOKED_AT = 1000;

    /// Outcomes that are no success.
    private static final Set<String> BAD =
            Set.of("denied", "failed", "cut", "closed", "events_lost", "wrong_password");

    private final AccessParts parts;

    AuditPlace(AccessParts parts) {
        this.parts = parts;
    }

    static boolean isGood(AuditEvent event) {
        return !BAD.contains(event.outcome());
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice)
            throws IOException, StateException {
        AuditLog audit = parts.audit();
        AuditFilter filter = AuditFilter.of(visit.exchange().query());
        List<AuditEvent> found = audit.find(filter.query(PAGE + 1));
        boolean more = found.size() > PAGE;
        boolean backwards = filter.before() == null && filter.after() != null;
        List<AuditEvent> events = found.subList(0, Math.min(PAGE, found.size()));
        if (backwards) {
            events = events.reversed();
        }
        boolean newer = backwards ? more : filter.before() != null;
        boolean older = backwards || more;
        List<AuditEvent> recent = audit.find(AuditQuery.newest(LOOKED_AT));
        visit.exchange()
                .show(
                        status,
                        new AdminAuditPage(
                                visit.viewer(),
                                filter.shown(),
                                AuditEvent.Kind.words(),
                                applications(recent),
                                outcomes(recent, filter),
                                events.stream().map(AuditPlace::shown).toList(),
                                newer && !events.isEmpty()
                                        ? at(filter, "after", events.getFirst())
                                        : null,
                                older && !events.isEmpty()
                                        ? at(filter, "before", events.getLast())
                                        : null,
                                filter.url(EXPORT),
                                filter.url(EXPORT, "format", "csv")));
    }

    private static String at(AuditFilter filter, String direction, AuditEvent event) {
        return filter.url(Paths.ADMIN_AUDIT, direction, Long.toString(event.id()));
    }

    private List<String> applications(List<AuditEvent> recent) {
        Stream<String> now =
                parts.rules().engine().rules().applications().stream().map(Application::name);
        Stream<String> known =
                recent.stream().map(AuditEvent::application).filter(Objects::nonNull);
        return List.copyOf(new TreeSet<>(Stream.concat(now, known).toList()));
    }

    private static List<String> outcomes(List<AuditEvent> recent, AuditFilter filter) {
        Set<String> outcomes = new TreeSet<>(recent.stream().map(AuditEvent::outcome).toList());
        if (!filter.shown().outcome().isEmpty()) {
            outcomes.add(filter.shown().outcome());
        }
        return List.copyOf(outcomes);
    }

    private static AdminAuditPage.Entry shown(AuditEvent event) {
        return new AdminAuditPage.Entry(
                event.at(),
                event.kind().word(),
                event.actor(),
                text(event.application()),
                text(event.host()),
                event.outcome(),
                isGood(event),
                text(event.policy()),
                text(event.address()),
                text(event.requestId()),
                AuditDetails.shown(event.detail()));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
