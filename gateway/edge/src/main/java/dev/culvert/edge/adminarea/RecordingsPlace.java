package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.pages.AdminRecordingsPage;
import dev.culvert.edge.pages.AdminRecordingsPage.Entry;
import dev.culvert.edge.pages.AdminRecordingsPage.Filter;
import dev.culvert.edge.pages.AdminRecordingsPage.State;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.pages.Shown;
import dev.culvert.edge.recordings.RecordingQuery;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.edge.web.Form;
import dev.culvert.recording.About;
import dev.culvert.recording.RecordingId;
import dev.culvert.recording.Summary;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Recordings of sessions, page by page. Thread-safe.
final class RecordingsPlace implements Place {
    private static final int PAGE = 50;

    private final AccessParts parts;
    private final Administration administration;

    RecordingsPlace(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    /// The recording that a request names. When there is none, that is the answer.
    static @Nullable Summary named(AccessParts parts, Visit visit)
            throws IOException, StateException {
        Summary found = find(parts, visit.exchange().query().text("id")).orElse(null);
        if (found == null) {
            visit.exchange()
                    .say(
                            404,
                            "There is no such recording",
                            "It may have been deleted because of its age. Go to the list.");
        }
        return found;
    }

    private static Optional<Summary> find(AccessParts parts, String id) throws StateException {
        try {
            return RecordingId.isId(id)
                    ? parts.recordings().archive().get(new RecordingId(id))
                    : Optional.empty();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static StateException unreadable(IOException cause) {
        return new StateException(
                Code.STORAGE,
                "the recordings cannot be read: " + cause.getMessage(),
                "check the disk they are on",
                cause);
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice)
            throws IOException, StateException {
        Form query = visit.exchange().query();
        Instant from = AuditFilter.moment(query.text("from"));
        Instant until = AuditFilter.moment(query.text("to"));
        Filter filter =
                new Filter(
                        from == null ? "" : query.text("from"),
                        until == null ? "" : query.text("to"),
                        query.text("who").strip(),
                        query.text("host").strip());
        List<Summary> found =
                find(
                        new RecordingQuery(filter.who(), filter.host(), "", from, until),
                        query.text("before"));
        List<Summary> shown = found.subList(0, Math.min(PAGE, found.size()));
        visit.exchange()
                .show(
                        status,
                        new AdminRecordingsPage(
                                visit.viewer(),
                                filter,
                                shown.stream().map(RecordingsPlace::entry).toList(),
                                found.size() > PAGE
                                        ? older(filter, shown.getLast().about().id())
                                        : null,
                                parts.recordings().key().fingerprint(),
                                notice));
    }

    private List<Summary> find(RecordingQuery wanted, String before) throws StateException {
        try {
            return parts.recordings()
                    .archive()
                    .find(
                            wanted,
                            RecordingId.isId(before) ? new RecordingId(before) : null,
                            PAGE + 1);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static String older(Filter filter, RecordingId before) {
        return Paths.ADMIN_RECORDINGS
                + "?before="
                + before.text()
                + part("from", filter.from())
                + part("to", filter.to())
                + part("who", filter.who())
                + part("host", filter.host());
    }

    private static String part(String name, String value) {
        return value.isEmpty()
                ? ""
                : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    static Entry entry(Summary summary) {
        About about = summary.about();
        Duration length =
                summary.state() == Summary.State.LIVE
                        ? Duration.between(about.startedAt(), Instant.now())
                        : summary.length();
        return new Entry(
                about.id().text(),
                RecordingPlace.url(about.id().text()),
                about.who(),
                about.login(),
                about.host(),
                about.application(),
                about.via(),
                about.address(),
                about.command(),
                about.startedAt(),
                Texts.duration(length),
                Shown.bytes(summary.bytes()),
                State.valueOf(summary.state().name()),
                summary.gaps());
    }

    @Override
    public boolean change(Visit visit, String action) throws IOException, StateException {
        if (!action.equals("end")) {
            return false;
        }
        administration.endRecorded(visit.form().text("id"), visit.by());
        show(visit, 200, Notice.good("The session ends."));
        return true;
    }
}
