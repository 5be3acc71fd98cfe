package dev.culvert.access.console;

import dev.culvert.access.Problem;
import dev.culvert.access.StreamMeter;
import dev.culvert.access.ports.Account;
import dev.culvert.access.ports.LocalPort;
import dev.culvert.access.ports.LocalPorts;
import dev.culvert.access.ports.PortEvent;
import dev.culvert.access.ports.PortEvent.Weight;
import dev.culvert.access.ports.Way;
import dev.culvert.terminal.CommandFailure;
import dev.culvert.terminal.ConsoleCommand;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Shell;
import dev.culvert.terminal.Tone;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The console: commands, what happens on the ports above the prompt, the open ports below it.
///
/// Commands run on the thread that runs it; events come from any, and are shown by one of their own.
public final class AccessConsole implements AutoCloseable {
    private static final int LOG_LINES = 20;

    private final Screen screen;
    private final Journal journal = new Journal();
    private final LocalPorts ports;
    private final Offered offered;
    private final Shell shell;

    /// Those that wait to be shown; more are only in the journal.
    private final BlockingQueue<PortEvent> news = new LinkedBlockingQueue<>(Journal.MOST);

    private String status = "";

    /// @param browser opens a page
    public AccessConsole(Screen screen, Way way, Account account, Consumer<URI> browser) {
        this.screen = screen;
        ports = new LocalPorts(way.asking(new ScreenPrompt(screen)), this::happened);
        offered = new Offered(account);
        List<ConsoleCommand> commands = new ArrayList<>();
        commands.addAll(new AccountCommands(screen, account, offered, ports).all());
        commands.addAll(new PortCommands(screen, offered, ports, browser).all());
        commands.add(ConsoleCommand.of("log", "[N]", "what happened", this::log));
        shell = new Shell(screen, commands);
    }

    /// Returns when the person leaves.
    public void run() {
        screen.say(
                Line.of(
                        Tone.FAINT,
                        "help tells what can be typed, a tab completes it, Ctrl-D leaves"));
        Thread.ofVirtual().name("access-apps").start(this::lookAround);
        Thread teller = Thread.ofPlatform().daemon().name("access-news").start(this::tellNews);
        try {
            shell.run();
        } finally {
            teller.interrupt();
        }
    }

    /// What is offered is known by the time somebody presses a tab.
    private void lookAround() {
        try {
            int count = offered.refresh().size();
            if (count > 0) {
                screen.say(Line.of(Tone.FAINT, "applications you may use: " + count + " (apps)"));
            }
        } catch (Problem problem) {
            screen.say(Line.of(Tone.WARNING, problem.what()));
        }
    }

    /// Called by the thread that carries all bytes, which must not wait for a terminal.
    private void happened(PortEvent event) {
        journal.add(event);
        news.offer(event);
    }

    private void tellNews() {
        try {
            while (true) {
                PortEvent event = news.poll(1, TimeUnit.SECONDS);
                if (event != null && event.weight() != Weight.DETAIL) {
                    screen.say(Journal.lines(event));
                }
                Line now = status();
                if (!now.text().equals(status)) {
                    status = now.text();
                    screen.status(now);
                }
            }
        } catch (InterruptedException e) {
            // The console is closed.
        }
    }

    private Line status() {
        List<LocalPort> open = ports.list();
        Line line =
                open.isEmpty()
                        ? Line.of(Tone.FAINT, "no open ports")
                        : Line.of(Tone.FAINT, "open ");
        for (LocalPort port : open) {
            long streams = port.streams().stream().filter(StreamMeter::isOpen).count();
            line = line.and(Tone.ACCENT, port.name()).and(" " + port.address());
            line = streams == 0 ? line : line.and(Tone.GOOD, " (" + streams + ")");
            line = line.and("  ");
        }
        return line;
    }

    private void log(List<String> words) throws CommandFailure {
        Words.require(words, 0, 1, "log [N]");
        List<PortEvent> events = journal.last(count(words));
        if (events.isEmpty()) {
            screen.say(Line.of(Tone.FAINT, "nothing has happened yet"));
        }
        events.forEach(event -> screen.say(Journal.lines(event)));
    }

    private static int count(List<String> words) throws CommandFailure {
        if (words.isEmpty()) {
            return LOG_LINES;
        }
        try {
            int count = Integer.parseInt(words.getFirst());
            if (count > 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new CommandFailure(
                words.getFirst() + " (expected: how many, 1 to " + Journal.MOST + ")", "log 50");
    }

    /// Closes the ports; streams end.
    @Override
    public void close() {
        ports.close();
    }
}
