package dev.culvert.edge.console;

import dev.culvert.edge.state.StateException;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Tone;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Looks at the edge while somebody types: the status line each moment, and events as they happen when that is wanted.
///
/// Runs on a thread of its own; [#follow] may be called by any.
final class EdgeNews implements Runnable {
    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final int PIECE = 200;

    private final Screen screen;
    private final EdgeView edge;
    private volatile boolean following;
    private @Nullable Long after;
    private String shown = "";

    EdgeNews(Screen screen, EdgeView edge) {
        this.screen = screen;
        this.edge = edge;
    }

    void follow(boolean on) {
        following = on;
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            show(status());
            try {
                if (following) {
                    tell();
                } else {
                    after = null;
                    Thread.sleep(MOMENT);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void show(Line now) {
        if (!now.text().equals(shown)) {
            shown = now.text();
            screen.status(now);
        }
    }

    private Line status() {
        try {
            List<JsonNode> connections = edge.list("connections", "connections");
            int sessions = edge.get("sessions?limit=1").path("count").asInt(0);
            return Line.of(
                            connections.isEmpty() ? Tone.WARNING : Tone.GOOD,
                            "connections " + connections.size())
                    .and("  streams " + EdgeTables.sum(connections, "streams"))
                    .and("  sessions " + sessions)
                    .and(Tone.FAINT, following ? "  following" : "");
        } catch (StateException e) {
            return Line.of(Tone.BAD, String.valueOf(e.getMessage()));
        }
    }

    /// Waits for what happens next, a moment at most.
    private void tell() throws InterruptedException {
        try {
            if (after == null) {
                after = edge.get("audit?limit=1").path("lastId").asLong(0);
            }
            JsonNode answer =
                    edge.get(
                            "audit?wait="
                                    + MOMENT.toSeconds()
                                    + "&after="
                                    + after
                                    + "&limit="
                                    + PIECE);
            for (JsonNode event : answer.path("events")) {
                after = Math.max(after, event.path("id").asLong(0));
                screen.say(EdgeTables.event(event));
            }
        } catch (StateException e) {
            // The status line says it.
            Thread.sleep(MOMENT);
        }
    }
}
