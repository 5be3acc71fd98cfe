package dev.culvert.access.console;

import dev.culvert.access.Problem;
import dev.culvert.terminal.CommandFailure;
import dev.culvert.terminal.ConsoleCommand;
import java.util.List;

/// What commands do with what stands behind their names. Immutable.
final class Words {
    private Words() {}

    /// An action that may end in a [Problem].
    interface Doing {
        void with(List<String> words) throws Problem, CommandFailure, InterruptedException;
    }

    static ConsoleCommand.Action explained(Doing doing) {
        return words -> {
            try {
                doing.with(words);
            } catch (Problem problem) {
                throw new CommandFailure(problem.what(), problem.hint());
            }
        };
    }

    static void require(List<String> words, int least, int most, String usage)
            throws CommandFailure {
        if (words.size() < least || words.size() > most) {
            throw new CommandFailure(
                    words.size() < least
                            ? "something is missing"
                            : "more than expected: " + words.get(most),
                    usage);
        }
    }
}
