package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.audit.AuditCsv;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `gateway audit`: what happened, and as it happens.
@Command(
        name = "audit",
        description = "Shows who was let in, signed in and changed something.",
        mixinStandardHelpOptions = true)
public final class AuditCommand implements Callable<Integer> {
    private static final int PIECE = 1000;
    private static final int WAIT_SECONDS = 20;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--follow", description = "Goes on as things happen, until interrupted.")
    private boolean follow;

    @Option(
            names = "--export",
            paramLabel = "FORMAT",
            description = "Everything that the filters let through: json (lines) or csv.")
    private @Nullable Export export;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "decision, use, stream, sign_in, session or admin.")
    private String kind = "";

    @Option(names = "--actor", paramLabel = "WHO", description = "As shown.")
    private String actor = "";

    @Option(names = "--application", paramLabel = "NAME", description = "As shown.")
    private String application = "";

    @Option(names = "--outcome", paramLabel = "WORD", description = "As shown.")
    private String outcome = "";

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "Part of actor, host, address, policy or request id.")
    private String text = "";

    @Option(names = "--from", paramLabel = "TIME", description = "Such as 2026-11-29T08:00:00Z.")
    private String from = "";

    @Option(names = "--until", paramLabel = "TIME", description = "Likewise.")
    private String until = "";

    @Option(
            names = {"-n", "--last"},
            paramLabel = "COUNT",
            defaultValue = "50",
            description = "At most so many, at most 1000 (default: ${DEFAULT-VALUE}).")
    private int last;

    @Mixin private StateOptions options = new StateOptions();

    /// Spelled as on the command line.
    enum Export {
        json,
        csv
    }

    @Override
    public Integer call() {
        return options.run(spec, export == null ? this::show : this::export);
    }

    private void show(TunnelControl control) throws StateException {
        JsonNode answer = control.ask("GET", "audit?limit=" + last + filter(), null);
        List<JsonNode> events = new ArrayList<>();
        answer.path("events").forEach(events::addFirst);
        if (options.isJson()) {
            events.forEach(event -> out().println(event));
        } else {
            print(events);
        }
        if (follow) {
            follow(control, answer.path("lastId").asLong(0));
        }
    }

    private void print(List<JsonNode> events) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode event : events) {
            rows.add(
                    List.of(
                            event.path("at").asString(""),
                            event.path("kind").asString(""),
                            event.path("outcome").asString(""),
                            event.path("actor").asString(""),
                            event.path("application").asString(""),
                            event.path("host").asString(""),
                            event.path("policy").asString(""),
                            event.path("address").asString("")));
        }
        Table.print(
                out(),
                List.of("AT", "KIND", "OUTCOME", "ACTOR", "APPLICATION", "HOST", "POLICY", "FROM"),
                rows);
    }

    private void follow(TunnelControl control, long last) throws StateException {
        if (!control.isEdgeRunning()) {
            throw new StateException(
                    Code.CONFLICT,
                    "no edge runs, so nothing happens",
                    "leave out --follow, or start the edge");
        }
        out().flush();
        long after = last;
        while (!out().checkError() && !Thread.currentThread().isInterrupted()) {
            JsonNode answer =
                    control.ask(
                            "GET",
                            "audit?wait="
                                    + WAIT_SECONDS
                                    + "&after="
                                    + after
                                    + "&limit="
                                    + PIECE
                                    + filter(),
                            null);
            for (JsonNode event : answer.path("events")) {
                after = Math.max(after, event.path("id").asLong(0));
                out().println(options.isJson() ? event.toString() : line(event));
            }
            out().flush();
        }
    }

    /// `08:00:00.000Z decision allowed ann@example.com wiki wiki.example.com`
    private static String line(JsonNode event) {
        StringBuilder line = new StringBuilder(event.path("at").asString(""));
        for (String name :
                List.of("kind", "outcome", "actor", "application", "host", "policy", "address")) {
            String value = event.path(name).asString("");
            if (!value.isEmpty()) {
                line.append("  ").append(Table.plain(value));
            }
        }
        return line.toString();
    }

    private void export(TunnelControl control) throws StateException {
        if (export == Export.csv) {
            out().print(AuditCsv.headings());
        }
        long after = 0;
        while (true) {
            JsonNode events =
                    control.ask("GET", "audit?after=" + after + "&limit=" + PIECE + filter(), null)
                            .path("events");
            for (JsonNode event : events) {
                after = event.path("id").asLong(0);
                out().print(export == Export.csv ? AuditCsv.line(event) : event + "\n");
            }
            if (events.size() < PIECE || out().checkError()) {
                return;
            }
        }
    }

    private String filter() {
        return parameter("kind", kind)
                + parameter("actor", actor)
                + parameter("application", application)
                + parameter("outcome", outcome)
                + parameter("text", text)
                + parameter("from", from)
                + parameter("until", until);
    }

    private static String parameter(String name, String value) {
        return value.isEmpty() ? "" : "&" + name + "=" + TunnelControl.segment(value);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
