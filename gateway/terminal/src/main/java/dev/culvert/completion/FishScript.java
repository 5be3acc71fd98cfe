package dev.culvert.completion;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The script for fish: one `complete` for each subcommand, option and parameter with known values, under the condition
/// that the words so far lead to its command.
///
/// Confined to one thread.
final class FishScript {
    private static final String HOSTS = "(__culvert_known_hosts)";
    private static final String FILES = "-F";

    private final String program;
    private final StringBuilder script = new StringBuilder();

    private FishScript(String program) {
        this.program = program;
    }

    static String of(CommandSpec root) {
        FishScript fish = new FishScript(root.name());
        fish.head();
        fish.command(root, List.of());
        return fish.script.toString();
    }

    private void head() {
        script.append(
                """
                # Completion of %1$s for fish.
                function __culvert_known_hosts
                    set -l directory $CULVERT_ACCESS_HOME
                    test -n "$directory"; or set directory $HOME/.culvert/access
                    for file in $directory/*-token
                        string replace -rf -- '-[0-9a-f]{64}-token$' '' (basename $file) \\
                            | string replace -r -- '_([0-9]{1,5})$' ':$1'
                    end
                end

                # Whether the words before the one under way are these, options left out.
                function __culvert_%1$s_at
                    set -l words
                    for word in (commandline -opc)[2..]
                        string match -q -- '-*' $word; or set -a words $word
                    end
                    test (count $words) -ge (count $argv); or return 1
                    for i in (seq (count $argv))
                        contains -- $words[$i] (string split '|' -- $argv[$i]); or return 1
                    end
                end

                # Likewise, and no subcommand has been named behind them.
                function __culvert_%1$s_end
                    __culvert_%1$s_at $argv; or return 1
                    set -l words
                    for word in (commandline -opc)[2..]
                        string match -q -- '-*' $word; or set -a words $word
                    end
                    test (count $words) -eq (count $argv)
                end

                complete -c %1$s -f
                """
                        .formatted(program));
    }

    /// @param path names of the commands that lead here, each with its aliases
    private void command(CommandSpec spec, List<String> path) {
        for (CommandLine each : Set.copyOf(spec.subcommands().values())) {
            CommandSpec sub = each.getCommandSpec();
            if (!sub.usageMessage().hidden()) {
                for (String name : sub.names()) {
                    line("end", path, "-a " + quoted(name) + described(summary(sub)));
                }
                List<String> deeper = new ArrayList<>(path);
                deeper.add(String.join("|", sub.names()));
                command(sub, deeper);
            }
        }
        spec.options().stream().filter(option -> !option.hidden()).forEach(o -> option(o, path));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String values = values(parameter);
            if (values != null) {
                line("at", path, values + described(first(parameter.description())));
            }
        }
    }

    private void option(OptionSpec option, List<String> path) {
        StringBuilder text = new StringBuilder();
        for (String name : option.names()) {
            if (name.startsWith("--")) {
                text.append("-l ").append(name.substring(2)).append(' ');
            } else {
                text.append(name.length() == 2 ? "-s " : "-o ")
                        .append(name.substring(1))
                        .append(' ');
            }
        }
        if (option.arity().max() > 0) {
            String values = values(option);
            text.append(
                    values == null ? "-x" : values.equals(FILES) ? "-r " + FILES : "-x " + values);
        }
        line("at", path, text + described(first(option.description())));
    }

    private static @Nullable String values(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        if (candidates != null) {
            return KnownHosts.isMeant(candidates)
                    ? "-a '" + HOSTS + "'"
                    : "-a "
                            + quoted(
                                    StreamSupport.stream(candidates.spliterator(), false)
                                            .collect(Collectors.joining(" ")));
        }
        Class<?> type = argument.type();
        return type == Path.class || type == File.class ? FILES : null;
    }

    private void line(String condition, List<String> path, String what) {
        script.append("complete -c ").append(program);
        script.append(" -n \"__culvert_").append(program).append('_').append(condition);
        path.forEach(word -> script.append(' ').append('\'').append(word).append('\''));
        script.append("\" ").append(what.strip()).append('\n');
    }

    private static String summary(CommandSpec spec) {
        return first(spec.usageMessage().description());
    }

    private static String first(String[] description) {
        return description.length == 0 ? "" : description[0].replace("%n", " ").replace("${", "{");
    }

    private static String described(String text) {
        return text.isEmpty() ? "" : " -d " + quoted(text);
    }

    /// In fish's single quotes only these two are escaped.
    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
