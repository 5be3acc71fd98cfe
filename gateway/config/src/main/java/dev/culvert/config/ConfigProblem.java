package dev.culvert.config;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// One thing that is wrong with a configuration. Immutable.
///
/// @param source the file as given on the command line, or `command line`, `environment`
/// @param line from 1; 0 when the problem has no place in a file
/// @param column from 1; 0 as `line`
/// @param key full key such as `ingress[2].service`; empty for the whole file
/// @param problem one line: the value and what was expected
/// @param suggestion the name that was probably meant, or null
public record ConfigProblem(
        String source,
        int line,
        int column,
        String key,
        String problem,
        @Nullable String suggestion) {

    static final Comparator<ConfigProblem> BY_PLACE =
            Comparator.comparing(ConfigProblem::source)
                    .thenComparingInt(ConfigProblem::line)
                    .thenComparingInt(ConfigProblem::column);

    /// `file:line:column key: problem (did you mean "x"?)`.
    @Override
    public String toString() {
        return source
                + (line > 0 ? ":" + line + ":" + column : "")
                + (key.isEmpty() ? "" : " " + key)
                + ": "
                + problem
                + (suggestion == null ? "" : " (did you mean \"" + suggestion + "\"?)");
    }
}
