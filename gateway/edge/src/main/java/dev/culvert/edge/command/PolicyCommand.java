package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `gateway policy show | apply | plan | explain`.
@Command(
        name = "policy",
        description = "Shows, rehearses, changes and explains who may come in.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class PolicyCommand {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "show",
            description = "Shows the applications in force; with --document, the rules as applied.",
            mixinStandardHelpOptions = true)
    int show(
            @Option(names = "--document", description = "The document itself, to be edited.")
                    boolean document,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode rules = control.ask("GET", "access/rules", null);
                    if (options.isJson()) {
                        Printed.json(out(), rules);
                    } else if (document) {
                        out().print(rules.path("document").asString(""));
                    } else {
                        show(rules, control.isEdgeRunning());
                    }
                });
    }

    private void show(JsonNode rules, boolean edge) {
        if (rules.path("configured").asBoolean(false)) {
            out().println("From the edge's configuration (key access).");
        } else if (rules.path("version").isNull()) {
            out().println("No rules were applied: hosts without a public route stay closed.");
        } else {
            out().println(
                            "Version "
                                    + rules.path("version").asLong(0)
                                    + ", applied by "
                                    + rules.path("changedBy").asString("")
                                    + " at "
                                    + rules.path("changedAt").asString(""));
        }
        if (!edge) {
            out().println(
                            "No edge runs. One that has the key access in its configuration uses"
                                    + " that.");
        }
        if (rules.path("applications").isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode application : rules.path("applications")) {
            rows.add(
                    List.of(
                            application.path("name").asString(""),
                            joined(application.path("domains")),
                            policies(application.path("policies"))));
        }
        out().println();
        Table.print(out(), List.of("APPLICATION", "WHERE", "POLICIES IN ORDER"), rows);
    }

    private static String joined(JsonNode texts) {
        return StreamSupport.stream(texts.spliterator(), false)
                .map(text -> text.asString(""))
                .collect(Collectors.joining(", "));
    }

    private static String policies(JsonNode policies) {
        return StreamSupport.stream(policies.spliterator(), false)
                .map(p -> p.path("decision").asString("") + " " + p.path("name").asString(""))
                .collect(Collectors.joining(", "));
    }

    @Command(
            name = "apply",
            description = {
                "Puts rules in force and keeps them. Streams of people who may no longer come in"
                        + " are cut within a second.",
                "See first what would change: gateway policy plan FILE."
            },
            mixinStandardHelpOptions = true)
    int apply(
            @Parameters(paramLabel = "FILE", description = "Groups and applications, YAML or JSON.")
                    Path file,
            @Mixin StateOptions options) {
        return options.runOrBegin(
                spec,
                control -> {
                    ObjectNode body = TunnelControl.object().put("document", Documents.read(file));
                    JsonNode answer = control.ask("POST", "access/rules", body);
                    if (options.isJson()) {
                        Printed.json(out(), answer);
                    } else {
                        out().println(
                                        "Rules applied, version "
                                                + answer.path("version").asLong(0)
                                                + ".");
                    }
                });
    }

    @Command(
            name = "plan",
            description = {
                "Says who would come in who does not now, and who would not any more.",
                "Asks for everybody whose request the audit log recorded, and who is signed in."
            },
            mixinStandardHelpOptions = true)
    int plan(
            @Parameters(paramLabel = "FILE", description = "Groups and applications, YAML or JSON.")
                    Path file,
            @Option(
                            names = "--back",
                            paramLabel = "DURATION",
                            defaultValue = "168h",
                            converter = DurationText.class,
                            description =
                                    "How far back in the audit log (default: ${DEFAULT-VALUE}).")
                    Duration back,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    ObjectNode body =
                            TunnelControl.object()
                                    .put("document", Documents.read(file))
                                    .put("back", back.toSeconds());
                    JsonNode plan = control.ask("POST", "access/plan", body);
                    if (options.isJson()) {
                        Printed.json(out(), plan);
                    } else {
                        out().println(plan.path("text").asString(""));
                        assumed(plan);
                    }
                });
    }

    @Command(
            name = "explain",
            description = "Says whether somebody comes in, and by which policy.",
            mixinStandardHelpOptions = true)
    int explain(
            @Parameters(
                            paramLabel = "USER",
                            description = "E-mail address, name of a service token, or anyone.")
                    String user,
            @Parameters(paramLabel = "HOST", description = "Such as wiki.example.com.") String host,
            @Parameters(arity = "0..1", paramLabel = "PATH", description = "Such as /admin.")
                    @Nullable String path,
            @Option(
                            names = "--address",
                            paramLabel = "IP",
                            description = "Where the user is (default: as in the last session).")
                    @Nullable String address,
            @Option(
                            names = "--at",
                            paramLabel = "TIME",
                            description = "Such as 2026-11-29T08:00:00Z (default: now).")
                    @Nullable String at,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    ObjectNode body =
                            TunnelControl.object()
                                    .put("user", user)
                                    .put("host", host)
                                    .put("path", path)
                                    .put("address", address)
                                    .put("at", at);
                    JsonNode answer = control.ask("POST", "access/explain", body);
                    if (options.isJson()) {
                        Printed.json(out(), answer);
                    } else {
                        out().println(answer.path("text").asString(""));
                        assumed(answer);
                    }
                });
    }

    private void assumed(JsonNode answer) {
        if (answer.path("assumed").isEmpty()) {
            return;
        }
        out().println();
        answer.path("assumed").forEach(text -> out().println("assumed: " + text.asString("")));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
