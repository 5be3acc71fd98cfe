package dev.culvert.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the problems of one start-up or reload, of all its files. Confined to one thread.
public final class ProblemList {
    /// More than anybody reads; a damaged file must not fill the memory or the log.
    static final int MAX_PROBLEMS = 100;

    private final List<ConfigProblem> problems = new ArrayList<>();
    private int leftOut;

    public void add(ConfigProblem problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        } else {
            leftOut++;
        }
    }

    /// Adds a problem that has no place in a file.
    ///
    /// @param source `command line`, `environment` or a path
    public void add(String source, String key, String problem) {
        add(new ConfigProblem(source, 0, 0, key, problem, null));
    }

    public void add(String source, String key, String problem, @Nullable String suggestion) {
        add(new ConfigProblem(source, 0, 0, key, problem, suggestion));
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /// By file, line and column.
    public List<ConfigProblem> problems() {
        List<ConfigProblem> sorted = new ArrayList<>(problems);
        sorted.sort(ConfigProblem.BY_PLACE);
        if (leftOut > 0) {
            sorted.add(
                    new ConfigProblem(
                            sorted.getLast().source(),
                            0,
                            0,
                            "",
                            leftOut + " more problems left out",
                            null));
        }
        return sorted;
    }

    public void throwIfAny() throws InvalidConfigException {
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems());
        }
    }
}
