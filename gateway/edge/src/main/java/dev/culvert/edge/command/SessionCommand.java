package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `gateway session list | end`.
@Command(
        name = "session",
        description = "Shows who is signed in, and ends sessions.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class SessionCommand {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "Lists living sessions, the newest first.",
            mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--of", paramLabel = "EMAIL", description = "Only this user's.")
                    @Nullable String email,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode answer = control.ask("GET", "sessions" + of(email), null);
                    if (options.isJson()) {
                        Printed.json(out(), answer.path("sessions"));
                        return;
                    }
                    print(answer.path("sessions"));
                    int more = answer.path("count").asInt(0) - answer.path("sessions").size();
                    if (more > 0) {
                        out().println("and " + more + " more");
                    }
                });
    }

    private void print(JsonNode sessions) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode session : sessions) {
            rows.add(
                    List.of(
                            session.path("id").asString(""),
                            session.path("email").asString(""),
                            session.path("kind").asString(""),
                            session.path("loginMethod").asString(""),
                            session.path("address").asString(""),
                            session.path("lastSeenAt").asString(""),
                            session.path("expiresAt").asString(""),
                            session.path("streams").asString("0")));
        }
        Table.print(
                out(),
                List.of("ID", "EMAIL", "KIND", "BY", "FROM", "LAST SEEN", "EXPIRES", "STREAMS"),
                rows);
    }

    private static String of(@Nullable String email) {
        return email == null ? "" : "?email=" + TunnelControl.segment(email);
    }

    @Command(
            name = "end",
            description = "Ends a session, or all of one user; open streams are cut.",
            mixinStandardHelpOptions = true)
    int end(
            @Parameters(arity = "0..1", paramLabel = "ID", description = "As listed.")
                    @Nullable String id,
            @Option(names = "--all-of", paramLabel = "EMAIL", description = "All of this user.")
                    @Nullable String email,
            @Mixin StateOptions options) {
        if ((id == null) == (email == null)) {
            throw new ParameterException(
                    spec.commandLine(), "name an ID, or --all-of EMAIL (expected: one of both)");
        }
        return options.run(
                spec,
                control -> {
                    int ended = 1;
                    if (id == null) {
                        ended =
                                control.ask("DELETE", "sessions" + of(email), null)
                                        .path("ended")
                                        .asInt(0);
                    } else {
                        control.ask("DELETE", "sessions/" + TunnelControl.segment(id), null);
                    }
                    if (options.isJson()) {
                        Printed.json(out(), Map.of("ended", ended));
                    } else {
                        out().println(ended == 1 ? "1 session ended." : ended + " sessions ended.");
                    }
                });
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
