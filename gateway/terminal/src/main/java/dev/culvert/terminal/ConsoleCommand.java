package dev.culvert.terminal;

import java.util.List;

/// One word a console understands. Immutable.
///
/// @param name its first word
/// @param arguments as help shows them; may be empty
/// @param description half a line
/// @param completion what may stand at the next place
/// @param action called on the console's thread; may block, and is interrupted by Ctrl-C
public record ConsoleCommand(
        String name, String arguments, String description, Completion completion, Action action) {
    /// What may stand next.
    @FunctionalInterface
    public interface Completion {
        Completion NOTHING = _ -> List.of();

        /// @param words after the command, without the one that is being written
        List<Choice> after(List<String> words);
    }

    /// What a command does.
    @FunctionalInterface
    public interface Action {
        /// @param words after the command
        void run(List<String> words) throws CommandFailure, InterruptedException;
    }

    public static ConsoleCommand of(
            String name, String arguments, String description, Action action) {
        return new ConsoleCommand(name, arguments, description, Completion.NOTHING, action);
    }

    public ConsoleCommand completing(Completion next) {
        return new ConsoleCommand(name, arguments, description, next, action);
    }

    String usage() {
        return arguments.isEmpty() ? name : name + " " + arguments;
    }
}
