package dev.culvert.recording;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.plugin.edge.Recordings.Subject;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a recording is of, as the first line of its sidecar says. Immutable.
///
/// @param format of its data file
/// @param who as in the audit log
/// @param command of exec, cut to one line of at most 1000 characters; empty for a shell
/// @param key of the edge that made it, as [PublicKey#toString]
public record About(
        RecordingId id,
        Format format,
        Instant startedAt,
        String kind,
        String who,
        String address,
        String application,
        String host,
        String login,
        String via,
        String requestId,
        String session,
        String command,
        Mode mode,
        boolean input,
        String key) {
    private static final int LONGEST_COMMAND = 1000;

    static About of(
            RecordingId id, Format format, Instant now, Subject subject, Mode mode, PublicKey key) {
        Admitted admitted = subject.admitted();
        Person person = admitted.person();
        return new About(
                id,
                format,
                now,
                subject.kind(),
                admitted.actor(),
                admitted.address(),
                admitted.application(),
                admitted.host(),
                subject.login(),
                subject.via(),
                admitted.id(),
                person == null ? "" : person.session().toString(),
                OneLine.spaced(subject.command(), LONGEST_COMMAND),
                mode,
                subject.input(),
                key.toString());
    }

    ObjectNode json() {
        return SidecarFormat.MAPPER
                .createObjectNode()
                .put("format", SidecarFormat.NAME)
                .put("id", id.text())
                .put("file", format.word())
                .put("startedAt", startedAt.toString())
                .put("kind", kind)
                .put("who", who)
                .put("address", address)
                .put("application", application)
                .put("host", host)
                .put("login", login)
                .put("via", via)
                .put("requestId", requestId)
                .put("session", session)
                .put("command", command)
                .put("mode", mode.name().toLowerCase(Locale.ROOT))
                .put("input", input)
                .put("key", key);
    }

    /// Null when a line is no such thing.
    static @Nullable About read(JsonNode json) {
        try {
            Format format = Format.read(json.path("file").asString(""));
            if (format == null || !json.path("format").asString("").equals(SidecarFormat.NAME)) {
                return null;
            }
            return new About(
                    new RecordingId(json.path("id").asString("")),
                    format,
                    Instant.parse(json.path("startedAt").asString("")),
                    json.path("kind").asString(""),
                    json.path("who").asString(""),
                    json.path("address").asString(""),
                    json.path("application").asString(""),
                    json.path("host").asString(""),
                    json.path("login").asString(""),
                    json.path("via").asString(""),
                    json.path("requestId").asString(""),
                    json.path("session").asString(""),
                    json.path("command").asString(""),
                    Mode.valueOf(json.path("mode").asString("").toUpperCase(Locale.ROOT)),
                    json.path("input").asBoolean(false),
                    json.path("key").asString(""));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            return null;
        }
    }

    /// In one line.
    String title() {
        return who + ": " + login + "@" + host;
    }

    /// The header of the `.cast`.
    String header(int columns, int rows) {
        ObjectNode header =
                SidecarFormat.MAPPER
                        .createObjectNode()
                        .put("version", 2)
                        .put("width", columns)
                        .put("height", rows)
                        .put("timestamp", startedAt.getEpochSecond())
                        .put("title", title());
        if (!command.isEmpty()) {
            header.put("command", command);
        }
        return header.toString();
    }
}
