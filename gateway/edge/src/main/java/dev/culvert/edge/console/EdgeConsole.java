package dev.culvert.edge.console;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.state.StateException;
import dev.culvert.terminal.Choice;
import dev.culvert.terminal.Columns;
import dev.culvert.terminal.CommandFailure;
import dev.culvert.terminal.ConsoleCommand;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Shell;
import dev.culvert.terminal.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// The console of a running edge: its tunnels, connections, sessions and decisions, each also as it happens.
///
/// Commands run on the thread that runs it, news come from another ([EdgeNews]).
public final class EdgeConsole {
    private static final Duration REDRAW = Duration.ofSeconds(1);
    private static final int LAST = 20;
    private static final int MOST_LAST = 1000;
    private static final String EMAIL_SIGN = "@";

    private final Screen screen;
    private final EdgeView edge;
    private final EdgeNews news;
    private volatile List<JsonNode> sessions = List.of();

    /// @param edge for commands
    /// @param watched the same edge, for what happens meanwhile
    public EdgeConsole(Screen screen, TunnelControl edge, TunnelControl watched) {
        this.screen = screen;
        this.edge = new EdgeView(edge);
        this.news = new EdgeNews(screen, new EdgeView(watched));
    }

    /// Returns when the person leaves.
    public void run() {
        screen.say(
                Line.of(
                        Tone.FAINT,
                        "help tells what can be typed, a tab completes it, Ctrl-D leaves"));
        Thread watching = Thread.ofVirtual().name("console-news").start(news);
        try {
            new Shell(screen, commands()).run();
        } finally {
            watching.interrupt();
        }
    }

    private List<ConsoleCommand> commands() {
        return List.of(
                command("tunnels", "[TEXT]", "tunnels and how they are connected", this::tunnels),
                command("routes", "[TEXT]", "host names and where they lead", this::routes),
                command(
                        "connections",
                        "",
                        "tunnel connections, drawn again each second until a key",
                        _ -> connections()),
                command("sessions", "[TEXT]", "who is signed in", this::sessions),
                command(
                                "end",
                                "ID|EMAIL",
                                "end a session, or all of somebody; open streams are cut",
                                this::end)
                        .completing(words -> words.isEmpty() ? sessionChoices() : List.of()),
                command(
                        "decisions",
                        "[N]",
                        "the last decisions",
                        words -> audit(words, "&kind=decision")),
                command(
                        "audit",
                        "[N]",
                        "the last of all that is written down",
                        words -> audit(words, "")),
                command(
                                "follow",
                                "[off]",
                                "show what happens above the prompt, as it does",
                                this::follow)
                        .completing(
                                words -> words.isEmpty() ? List.of(Choice.of("off")) : List.of()));
    }

    private static ConsoleCommand command(
            String name, String arguments, String description, EdgeView.Doing doing) {
        return ConsoleCommand.of(name, arguments, description, EdgeView.explained(doing));
    }

    private void tunnels(List<String> words) throws StateException, CommandFailure {
        List<JsonNode> found =
                EdgeTables.search(
                        edge.list("tunnels", "tunnels"), String.join(" ", words), "name", "id");
        require(found, "tunnels", "begin one: gateway tunnel create NAME");
        List<JsonNode> connections = edge.list("connections", "connections");
        screen.say(EdgeTables.tunnels(found, connections).lines(screen.columns()));
    }

    private void routes(List<String> words) throws StateException, CommandFailure {
        List<JsonNode> found =
                EdgeTables.search(
                        edge.list("routes", "routes"),
                        String.join(" ", words),
                        "hostname",
                        "tunnelName");
        require(found, "routes", "add one: gateway route add HOST TUNNEL");
        Columns table = new Columns("HOST", "TUNNEL", "OPEN TO");
        for (JsonNode route : found) {
            boolean open = route.path("public").asBoolean(false);
            table.row(
                    Line.of(Tone.ACCENT, EdgeTables.text(route, "hostname")),
                    Line.of(EdgeTables.text(route, "tunnelName")),
                    open
                            ? Line.of(Tone.WARNING, "everybody, unless an application has it")
                            : Line.of("whom its application lets in"));
        }
        screen.say(table.lines(screen.columns()));
    }

    private static void require(List<JsonNode> found, String what, String next)
            throws CommandFailure {
        if (found.isEmpty()) {
            throw new CommandFailure("there are no such " + what, next);
        }
    }

    private void connections() {
        Rates rates = new Rates(System::nanoTime);
        screen.watch(
                REDRAW,
                width -> {
                    try {
                        List<JsonNode> all = edge.list("connections", "connections");
                        List<Line> lines =
                                new ArrayList<>(EdgeTables.connections(all, rates).lines(width));
                        lines.add(Line.EMPTY);
                        String count =
                                "connections "
                                        + all.size()
                                        + ", streams "
                                        + EdgeTables.sum(all, "streams");
                        lines.add(Line.of(Tone.FAINT, count));
                        return lines;
                    } catch (StateException e) {
                        return List.of(Line.of(Tone.BAD, String.valueOf(e.getMessage())));
                    }
                });
    }

    private void sessions(List<String> words) throws StateException, CommandFailure {
        sessions = edge.list("sessions", "sessions");
        List<JsonNode> found =
                EdgeTables.search(
                        sessions,
                        String.join(" ", words),
                        "email",
                        "name",
                        "loginMethod",
                        "address",
                        "id");
        require(found, "sessions", "nobody who is signed in fits; all of them: sessions");
        screen.say(EdgeTables.sessions(found).lines(screen.columns()));
    }

    private List<Choice> sessionChoices() {
        List<Choice> choices = new ArrayList<>();
        for (JsonNode each : sessions) {
            choices.add(
                    new Choice(
                            EdgeTables.shortened(EdgeTables.text(each, "id")),
                            EdgeTables.text(each, "email")
                                    + " "
                                    + EdgeTables.text(each, "address")));
        }
        sessions.stream()
                .map(each -> EdgeTables.text(each, "email"))
                .filter(email -> !email.isEmpty())
                .distinct()
                .forEach(email -> choices.add(new Choice(email, "all sessions")));
        return choices;
    }

    private void end(List<String> words) throws StateException, CommandFailure {
        if (words.size() != 1) {
            throw new CommandFailure("whose session is to end?", "end ID|EMAIL; ids: sessions");
        }
        String which = words.getFirst();
        if (which.contains(EMAIL_SIGN)) {
            int ended =
                    edge.delete("sessions?email=" + TunnelControl.segment(which))
                            .path("ended")
                            .asInt(0);
            sessions = edge.list("sessions", "sessions");
            screen.say(Line.of(ended == 0 ? Tone.WARNING : Tone.GOOD, "sessions ended: " + ended));
            return;
        }
        sessions = edge.list("sessions", "sessions");
        List<JsonNode> meant =
                sessions.stream()
                        .filter(each ->
                                EdgeTables.text(each, "id")
                                        .startsWith(which.toLowerCase(Locale.ROOT)))
                        .toList();
        if (meant.size() != 1) {
            throw new CommandFailure(
                    meant.isEmpty()
                            ? "no session has the id " + which
                            : which + " begins several ids",
                    meant.isEmpty() ? "which there are: sessions" : "write more of it");
        }
        edge.delete("sessions/" + EdgeTables.text(meant.getFirst(), "id"));
        // What is over is not offered any more.
        sessions = edge.list("sessions", "sessions");
        screen.say(
                Line.of(Tone.GOOD, "ended")
                        .and(", of " + EdgeTables.text(meant.getFirst(), "email")));
    }

    private void audit(List<String> words, String filter) throws StateException, CommandFailure {
        List<JsonNode> events = edge.list("audit?limit=" + count(words) + filter, "events");
        require(events, "events", "nothing has happened yet");
        events.reversed().forEach(event -> screen.say(EdgeTables.event(event)));
    }

    private static int count(List<String> words) throws CommandFailure {
        if (words.isEmpty()) {
            return LAST;
        }
        try {
            int count = Integer.parseInt(words.getFirst());
            if (count > 0 && count <= MOST_LAST) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new CommandFailure(
                words.getFirst() + " (expected: how many, 1 to " + MOST_LAST + ")", "audit 50");
    }

    private void follow(List<String> words) {
        boolean on = words.isEmpty() || !words.getFirst().equals("off");
        news.follow(on);
        screen.say(
                Line.of(
                        Tone.FAINT,
                        on ? "what happens is shown; follow off ends it" : "no longer shown"));
    }
}
