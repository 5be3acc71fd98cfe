package dev.culvert.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.ExternalTerminal;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.Status;
import org.jspecify.annotations.Nullable;

/// The terminal a person sits at: a prompt, lines above it, a status line below.
///
/// # Threads
/// Commands are read and run, and views are drawn, by one thread. [#say] and [#status] may be called by any: what they
/// show waits for JLine's lock, so that it never lands in the middle of the prompt.
public final class Screen implements AutoCloseable {
    private static final String STATUS = "culvert-status";
    private static final int HISTORY_LINES = 1000;

    private final Terminal terminal;
    private final Looks looks;
    private final LineReader reader;
    private final String prompt;
    private final Attributes before;
    private volatile @Nullable LiveView view;
    private volatile List<Line> status = List.of();
    private volatile @Nullable Thread working;

    /// Whether input and output are a terminal; asks the system and loads nothing.
    public static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /// The terminal this process was started at.
    ///
    /// @param program its name, for the prompt
    /// @param history file of earlier command lines, made with mode 0600
    public static Screen open(
            String program, Path history, UnaryOperator<@Nullable String> environment)
            throws IOException {
        Terminal terminal =
                TerminalBuilder.builder()
                        .name(program)
                        .system(true)
                        // A dumb terminal is one to write lines to, not worth a warning.
                        .dumb(true)
                        // Else the terminal is asked what it can, and may answer into the prompt.
                        .graphemeCluster(false)
                        .build();
        return new Screen(program, terminal, history, environment);
    }

    /// A terminal at the other end of two streams.
    ///
    /// @param type as `TERM`
    public static Screen over(
            InputStream in,
            OutputStream out,
            String type,
            int columns,
            int rows,
            String program,
            Path history,
            UnaryOperator<@Nullable String> environment)
            throws IOException {
        // Not of a TerminalBuilder: it would put a pty of the kernel between, whose signals nobody
        // gets.
        Terminal terminal =
                new ExternalTerminal(
                        null,
                        program,
                        type,
                        in,
                        out,
                        StandardCharsets.UTF_8,
                        Terminal.SignalHandler.SIG_DFL,
                        false,
                        null,
                        new Size(columns, rows));
        return new Screen(program, terminal, history, environment);
    }

    private Screen(
            String program,
            Terminal terminal,
            Path history,
            UnaryOperator<@Nullable String> environment)
            throws IOException {
        this.terminal = terminal;
        this.looks = Looks.of(terminal, environment);
        prompt = looks.of(Line.of(Tone.ACCENT, program + ">").and(" ")).toAnsi(terminal);
        prepare(history);
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(null);
        reader =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName(program)
                        .parser(parser)
                        .completionMatcher(new Choosing())
                        .variable(LineReader.HISTORY_FILE, history)
                        .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                        .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES)
                        .option(Option.DISABLE_EVENT_EXPANSION, true)
                        .option(Option.HISTORY_TIMESTAMPED, false)
                        .option(Option.AUTO_FRESH_LINE, false)
                        .option(Option.AUTO_GROUP, false)
                        .build();
        looks.apply(reader);
        reader.getWidgets().put(STATUS, this::drawStatus);
        reader.getWidgets().put(LineReader.CALLBACK_INIT, this::drawStatus);
        terminal.handle(Signal.INT, _ -> interrupt());
        before = terminal.getAttributes();
        terminal.setAttributes(quiet(before));
    }

    /// What is typed while a command runs is for the next prompt, and not shown in between its lines.
    private static Attributes quiet(Attributes before) {
        Attributes quiet = new Attributes(before);
        quiet.setLocalFlags(EnumSet.of(LocalFlag.ECHO, LocalFlag.ICANON), false);
        return quiet;
    }

    /// Only its owner may read what was typed.
    private static void prepare(Path history) throws IOException {
        Path directory = history.toAbsolutePath().getParent();
        if (directory != null && !Files.exists(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        var owner = PosixFilePermissions.fromString("rw-------");
        if (!Files.exists(history)) {
            Files.createFile(history, PosixFilePermissions.asFileAttribute(owner));
        }
        Files.setPosixFilePermissions(history, owner);
    }

    private void interrupt() {
        Thread busy = working;
        if (busy != null) {
            busy.interrupt();
        }
    }

    /// Whether the cursor can be moved: without, nothing is drawn again in place.
    public boolean canRedraw() {
        return terminal.getStringCapability(Capability.cursor_up) != null
                && terminal.getStringCapability(Capability.clr_eol) != null;
    }

    public int columns() {
        int columns = terminal.getColumns();
        return columns > 0 ? columns : 80;
    }

    /// A line above the prompt, or above what is being watched.
    public void say(Line line) {
        LiveView watched = view;
        if (watched != null) {
            watched.say(line);
        } else {
            reader.printAbove(looks.of(line));
        }
    }

    public void say(List<Line> lines) {
        lines.forEach(this::say);
    }

    /// The line at the bottom, from now on.
    public void status(Line line) {
        status = List.of(line);
        if (reader.isReading()) {
            try {
                reader.callWidget(STATUS);
            } catch (IllegalStateException e) {
                // Enter was pressed in this moment: the next prompt draws it.
            }
        }
    }

    private boolean drawStatus() {
        Status bottom = canRedraw() ? Status.getStatus(terminal) : null;
        if (bottom != null) {
            int before = bottom.size();
            bottom.update(status.stream().map(looks::of).toList(), true);
            if (reader.isReading() && before != bottom.size()) {
                reader.callWidget(LineReader.REDISPLAY);
            }
        }
        return true;
    }

    /// Draws lines in place until a key is pressed; once, where nothing can be drawn again.
    ///
    /// @param frame the lines for a width
    public void watch(Duration every, IntFunction<List<Line>> frame) {
        if (!canRedraw()) {
            say(frame.apply(columns()));
            return;
        }
        LiveView watched = new LiveView(terminal, looks);
        view = watched;
        try {
            watched.run(every, frame);
        } catch (IOException e) {
            // The terminal is gone; the next read of a command says so.
        } finally {
            view = null;
        }
    }

    /// The words of the next command line, none for an empty one; null at the end (Ctrl-D).
    @Nullable List<String> read(Shell shell) {
        ((LineReaderImpl) reader)
                .setCompleter((_, line, candidates) ->
                        shell.choices(line.words().subList(0, line.wordIndex()))
                                .forEach(choice -> candidates.add(candidate(choice))));
        try {
            reader.readLine(prompt);
            return reader.getParsedLine().words().stream().filter(w -> !w.isEmpty()).toList();
        } catch (UserInterruptException e) {
            return List.of();
        } catch (EndOfFileException e) {
            return null;
        }
    }

    private static Candidate candidate(Choice choice) {
        String description = choice.description().isEmpty() ? null : choice.description();
        return new Candidate(choice.value(), choice.value(), null, description, null, null, true);
    }

    /// Runs a command so that Ctrl-C interrupts it.
    void work(Shell.Work work) throws CommandFailure, InterruptedException {
        working = Thread.currentThread();
        try {
            work.run();
        } finally {
            working = null;
            // Ctrl-C that came too late for the command is not for the next one.
            Thread.interrupted();
        }
    }

    @Override
    public void close() throws IOException {
        Status bottom = Status.getStatus(terminal, false);
        if (bottom != null) {
            bottom.hide();
        }
        reader.getHistory().save();
        terminal.setAttributes(before);
        terminal.close();
    }
}
