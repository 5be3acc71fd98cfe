package dev.culvert.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jline.reader.impl.ReaderUtils;

/// Reads commands and runs them, one after the other, until `quit` or Ctrl-D. `help` and `quit` are its own.
///
/// Confined to the thread that runs it.
public final class Shell {
    private static final int MOST_TYPOS = 2;

    private final Screen screen;
    private final Map<String, ConsoleCommand> commands = new LinkedHashMap<>();
    private boolean over;

    /// A command under way.
    interface Work {
        void run() throws CommandFailure, InterruptedException;
    }

    public Shell(Screen screen, List<ConsoleCommand> commands) {
        this.screen = screen;
        commands.forEach(this::add);
        add(
                ConsoleCommand.of("help", "[COMMAND]", "what can be typed here", this::help)
                        .completing(words -> words.isEmpty() ? names() : List.of()));
        add(ConsoleCommand.of("quit", "", "leave; also Ctrl-D", _ -> over = true));
    }

    private void add(ConsoleCommand command) {
        commands.put(command.name(), command);
    }

    /// Returns when the person leaves.
    public void run() {
        while (!over) {
            List<String> words = screen.read(this);
            if (words == null) {
                return;
            }
            if (!words.isEmpty()) {
                obey(words);
            }
        }
    }

    private void obey(List<String> words) {
        try {
            ConsoleCommand command = command(words.getFirst());
            screen.work(() -> command.action().run(words.subList(1, words.size())));
        } catch (CommandFailure e) {
            complain(String.valueOf(e.getMessage()), e.hint());
        } catch (InterruptedException e) {
            screen.say(Line.of(Tone.WARNING, "interrupted"));
        }
    }

    private void complain(String what, String hint) {
        screen.say(Line.of(Tone.BAD, "error: ").and(what));
        screen.say(Line.of(Tone.FAINT, "hint:  " + hint));
    }

    private ConsoleCommand command(String name) throws CommandFailure {
        ConsoleCommand command = commands.get(name);
        if (command != null) {
            return command;
        }
        throw new CommandFailure(
                "no command " + name,
                nearest(name)
                        .map(near -> "did you mean " + near + "? All commands: help")
                        .orElse("all commands: help"));
    }

    private Optional<String> nearest(String name) {
        return commands.keySet().stream()
                .filter(each -> ReaderUtils.distance(name, each) <= MOST_TYPOS)
                .min(Comparator.comparingInt(each -> ReaderUtils.distance(name, each)));
    }

    private void help(List<String> words) throws CommandFailure {
        if (!words.isEmpty()) {
            ConsoleCommand command = command(words.getFirst());
            screen.say(Line.of(Tone.STRONG, command.usage()).and("  " + command.description()));
            return;
        }
        int width =
                commands.values().stream().mapToInt(each -> each.usage().length()).max().orElse(0);
        for (ConsoleCommand command : commands.values()) {
            String gap = " ".repeat(width - command.usage().length() + 2);
            screen.say(Line.of(Tone.STRONG, command.usage()).and(gap).and(command.description()));
        }
    }

    private List<Choice> names() {
        List<Choice> names = new ArrayList<>();
        commands.values().forEach(each -> names.add(new Choice(each.name(), each.description())));
        return names;
    }

    /// What may stand after these words.
    List<Choice> choices(List<String> before) {
        if (before.isEmpty()) {
            return names();
        }
        ConsoleCommand command = commands.get(before.getFirst());
        return command == null
                ? List.of()
                : command.completion().after(before.subList(1, before.size()));
    }
}
