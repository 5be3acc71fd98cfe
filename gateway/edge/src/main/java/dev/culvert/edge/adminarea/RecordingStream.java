package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Administration;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.web.Form;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.recording.Format;
import dev.culvert.recording.LiveRecording;
import dev.culvert.recording.RecordingId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// A terminal's recording while it is made, as server-sent events that the player understands: the terminal as it is, then
/// each line of the `.cast`.
///
/// The file is the queue: whoever watches reads it at their own pace, and the session knows nothing of them.
/// Whoever is too far behind begins anew with the terminal as it is then.
///
/// Thread-safe. Blocking: virtual threads only.
final class RecordingStream implements Place {
    static final String PATH = Paths.ADMIN_RECORDINGS + "/events";

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// A record is shorter.
    private static final int PIECE = 256 * 1024;

    /// What the terminal is told of the past, to look as it does.
    private static final int PAST = 512 * 1024;

    private static final int TOO_FAR_BEHIND = 4 * PIECE;

    private final AccessParts parts;
    private final Administration administration;

    RecordingStream(AccessParts parts, Administration administration) {
        this.parts = parts;
        this.administration = administration;
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        Form query = visit.exchange().query();
        String id = query.text("id");
        LiveRecording live =
                RecordingId.isId(id)
                        ? parts.recordings().live(new RecordingId(id)).orElse(null)
                        : null;
        if (live == null || live.about().format() != Format.CAST) {
            // 204 tells the browser not to ask again.
            visit.exchange()
                    .http()
                    .respond(204, HeaderList.of("Cache-Control", "no-store"))
                    .close();
            return;
        }
        administration.looked(live.about(), "watched", visit.by());
        HeaderList headers =
                HeaderList.of(
                        "Content-Type", "text/event-stream",
                        "Cache-Control", "no-store",
                        "X-Content-Type-Options", "nosniff");
        try (OutputStream out =
                new WhileAdmin(
                        parts, visit.session(), visit.exchange().http().respond(200, headers))) {
            follow(live, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void follow(LiveRecording live, OutputStream out)
            throws IOException, InterruptedException {
        long at = begin(live, out);
        while (true) {
            boolean ended = live.isEnded();
            long bytes = live.await(at, PATIENCE);
            if (bytes - at > TOO_FAR_BEHIND) {
                at = begin(live, out);
            } else if (bytes > at) {
                at += lines(live.read(at, PIECE), out);
            } else if (ended) {
                send(out, "event: done\ndata:\n\n");
                return;
            } else {
                send(out, ": still here\n\n");
            }
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @return how many bytes the whole lines of the piece have
    private static int lines(byte[] piece, OutputStream out) throws IOException {
        StringBuilder events = new StringBuilder();
        int end = 0;
        for (int at = 0; at < piece.length; at++) {
            if (piece[at] == '\n') {
                event(events, new String(piece, end, at - end, StandardCharsets.UTF_8));
                end = at + 1;
            }
        }
        if (!events.isEmpty()) {
            send(out, events.toString());
        }
        return end;
    }

    /// Output and size: the player's live view knows nothing else.
    private static void event(StringBuilder events, String line) {
        int quote = line.indexOf('"');
        boolean record = line.startsWith("[") && quote > 0;
        if (record && line.startsWith("o\"", quote + 1)) {
            events.append("data: ").append(line).append("\n\n");
        } else if (record && line.startsWith("r\"", quote + 1)) {
            events.append("data: ").append(resized(record(line))).append("\n\n");
        }
    }

    /// In files a size is `120x40`.
    private static JsonNode resized(JsonNode record) {
        String[] size = record.path(2).asString("").split("x", 2);
        ArrayNode event = MAPPER.createArrayNode().add(record.path(0)).add("r");
        event.addObject()
                .put("cols", Integer.parseInt(size[0]))
                .put("rows", Integer.parseInt(size[1]));
        return event;
    }

    /// Tells the terminal what it looks like.
    ///
    /// @return how much of the file that covers
    private static long begin(LiveRecording live, OutputStream out) throws IOException {
        long end = live.bytes();
        long from = Math.max(0, end - PAST);
        byte[] past = live.read(from, (int) (end - from));
        StringBuilder shown = new StringBuilder();
        double time = 0;
        for (String line : new String(past, StandardCharsets.UTF_8).split("\n")) {
            JsonNode record = record(line);
            if (record.path(1).asString("").equals("o")) {
                shown.append(record.path(2).asString(""));
            }
            time = Math.max(time, record.path(0).asDouble(0));
        }
        send(
                out,
                "data: "
                        + MAPPER.createObjectNode()
                                .put("cols", live.size().columns())
                                .put("rows", live.size().rows())
                                .put("time", time)
                                .put("init", shown.toString())
                        + "\n\n");
        return from + past.length;
    }

    /// Missing for what is none, such as the end of a line at the beginning.
    private static JsonNode record(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JacksonException e) {
            return MAPPER.missingNode();
        }
    }
}
