package dev.culvert.edge.command;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.rules.RuleFile;
import dev.culvert.edge.state.TunnelSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `gateway tunnel configure | configuration`: the rules the edge hands to a tunnel's connectors.
final class ConfigurationCommands {
    private static final int USAGE = 2;

    private ConfigurationCommands() {}

    /// For the list of tunnels: where its rules come from.
    static String rules(TunnelSummary tunnel) {
        TunnelSummary.Configured rules = tunnel.configuration();
        return rules == null ? "connector's" : "version " + rules;
    }

    /// `gateway tunnel configure NAME FILE` or `--remove`.
    @Command(
            name = "configure",
            description = {
                "Gives the tunnel's connectors their rules from here.",
                "Takes ingress, originRequest and warp-routing of a cloudflared config.yml (or JSON);"
                        + " connectors that are connected have them within a second."
            },
            mixinStandardHelpOptions = true)
    static final class Configure implements Callable<Integer> {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Parameters(index = "0", paramLabel = "NAME", description = "Name or id.")
        private String name = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "FILE",
                description = "config.yml, or JSON with durations in seconds.")
        private @Nullable Path file;

        @Option(
                names = "--remove",
                description = "Connectors that start from now on use their own rules again.")
        private boolean remove;

        @Mixin private StateOptions options = new StateOptions();

        @Override
        public Integer call() {
            Path given = file;
            if ((given == null) != remove) {
                throw new ParameterException(
                        spec.commandLine(), "name a FILE, or say --remove (expected: one of both)");
            }
            return given == null ? remove() : configure(given);
        }

        private int remove() {
            return options.run(
                    spec,
                    control -> {
                        control.removeConfiguration(name);
                        say(
                                Map.of("removed", name),
                                "Configuration of tunnel "
                                        + name
                                        + " removed. Connectors that run keep their rules until"
                                        + " they are started again.");
                    });
        }

        private int configure(Path given) {
            RuleFile read;
            try {
                read = RuleFile.read(given);
            } catch (InvalidConfigException e) {
                PrintWriter err = spec.commandLine().getErr();
                e.problems().forEach(problem -> err.println("gateway: error: " + problem));
                err.println(
                        "gateway: hint: nothing was changed; see \"Rules from the edge\" in"
                                + " docs/configuration.md");
                err.flush();
                return USAGE;
            }
            if (!read.leftOut().isEmpty()) {
                PrintWriter err = spec.commandLine().getErr();
                err.println(
                        "gateway: note: left out, since a connector reads them from its own file"
                                + " only: "
                                + String.join(", ", read.leftOut()));
                err.flush();
            }
            return options.run(
                    spec,
                    control -> {
                        int version = control.configureTunnel(name, read.config());
                        Map<String, Object> json = new LinkedHashMap<>();
                        json.put("version", version);
                        json.put("rules", read.rules());
                        say(
                                json,
                                "Tunnel "
                                        + name
                                        + " configured, version "
                                        + version
                                        + ", "
                                        + read.rules()
                                        + (read.rules() == 1 ? " rule." : " rules."));
                    });
        }

        private void say(Map<String, Object> json, String text) {
            PrintWriter out = spec.commandLine().getOut();
            if (options.isJson()) {
                Printed.json(out, json);
            } else {
                out.println(text);
            }
        }
    }

    /// `gateway tunnel configuration NAME`.
    @Command(
            name = "configuration",
            description =
                    "Shows the rules the edge hands to the tunnel's connectors, and who has them.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "NAME", description = "Name or id.")
        private String name = "";

        @Mixin private StateOptions options = new StateOptions();

        @Override
        public Integer call() {
            return options.run(
                    spec,
                    control -> {
                        JsonNode all = control.configuration(name);
                        PrintWriter out = spec.commandLine().getOut();
                        if (options.isJson()) {
                            Printed.json(out, all);
                            return;
                        }
                        out.println("Version " + all.path("version").asInt(0));
                        out.println();
                        Printed.json(out, all.path("config"));
                        if (!all.path("connections").isEmpty()) {
                            out.println();
                            table(out, all.path("connections"));
                        }
                    });
        }

        private static void table(PrintWriter out, JsonNode connections) {
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode one : connections) {
                int version = one.path("version").asInt(-1);
                rows.add(
                        List.of(
                                one.path("connector").asString(""),
                                one.path("index").asString(""),
                                version < 0 ? "none" : Integer.toString(version),
                                one.path("problem").asString("")));
            }
            Table.print(out, List.of("CONNECTOR", "CONNECTION", "VERSION", "PROBLEM"), rows);
        }
    }
}
