package dev.culvert.connector.config;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.GoDuration;
import dev.culvert.config.NearestName;
import dev.culvert.config.ProblemList;
import dev.culvert.config.Shown;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One setting from three places: command line, then environment, then file. Values of the file are
/// checked even when another place wins. Confined to one thread.
final class Layers {
    static final String COMMAND_LINE = "command line";
    static final String ENVIRONMENT = "environment";

    private final Map<String, List<String>> options;
    private final Map<String, String> environment;
    private final ConfigMap file;
    private final ProblemList problems;

    /// @param options by long name without dashes
    Layers(
            Map<String, List<String>> options,
            Map<String, String> environment,
            ConfigMap file,
            ProblemList problems) {
        this.options = options;
        this.environment = environment;
        this.file = file;
        this.problems = problems;
    }

    /// A value that did not come from the file.
    private record Given(String source, String name, String text) {}

    private @Nullable Given given(String key, String variable) {
        List<String> values = options.getOrDefault(key, List.of());
        if (!values.isEmpty()) {
            return new Given(COMMAND_LINE, "--" + key, values.getLast());
        }
        String value = variable.isEmpty() ? null : environment.get(variable);
        return value == null || value.isEmpty() ? null : new Given(ENVIRONMENT, variable, value);
    }

    boolean isOption(String key) {
        return !options.getOrDefault(key, List.of()).isEmpty();
    }

    @Nullable String text(String key, String variable) {
        String inFile = file.text(key);
        Given given = given(key, variable);
        return given == null ? inFile : given.text;
    }

    /// @param variable its value is split at commas, as cloudflared does; options are not
    List<String> texts(String key, String variable) {
        List<String> inFile = file.texts(key);
        List<String> values = options.getOrDefault(key, List.of());
        if (!values.isEmpty()) {
            return values;
        }
        Given given = given(key, variable);
        return given == null ? inFile : List.of(given.text.split(","));
    }

    int integer(String key, String variable, int absent, int min, int max) {
        int inFile = file.integer(key, absent, min, max);
        Given given = given(key, variable);
        if (given == null) {
            return inFile;
        }
        try {
            int number = Integer.parseInt(given.text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a number out of range is.
        }
        report(given, Shown.value(given.text) + " (expected: " + min + " to " + max + ")", null);
        return absent;
    }

    boolean bool(String key, String variable) {
        boolean inFile = file.bool(key, false);
        Given given = given(key, variable);
        if (given == null) {
            return inFile;
        }
        return switch (given.text) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> {
                report(given, Shown.value(given.text) + " (expected: true or false)", null);
                yield false;
            }
        };
    }

    Duration duration(String key, String variable, Duration absent, Duration min, Duration max) {
        Duration inFile = file.duration(key, absent, min, max);
        Given given = given(key, variable);
        if (given == null) {
            return inFile;
        }
        try {
            Duration duration = GoDuration.parse(given.text);
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
            String range = GoDuration.format(min) + " to " + GoDuration.format(max);
            report(given, given.text + " (expected: " + range + ")", null);
        } catch (IllegalArgumentException e) {
            report(given, String.valueOf(e.getMessage()), null);
        }
        return absent;
    }

    <T> T choice(String key, String variable, T absent, Map<String, T> choices) {
        T inFile = file.choice(key, absent, choices);
        Given given = given(key, variable);
        if (given == null) {
            return inFile;
        }
        T chosen = choices.get(given.text);
        if (chosen != null) {
            return chosen;
        }
        String all = String.join(", ", choices.keySet().stream().sorted().toList());
        report(
                given,
                Shown.value(given.text) + " (expected: " + all + ")",
                NearestName.of(given.text, choices.keySet()));
        return absent;
    }

    /// Reports a problem where the value of `key` came from.
    void problem(String key, String variable, String problem) {
        Given given = given(key, variable);
        if (given != null) {
            report(given, problem, null);
        } else {
            file.problem(key, problem);
        }
    }

    private void report(Given given, String problem, @Nullable String suggestion) {
        problems.add(given.source, given.name, problem, suggestion);
    }
}
