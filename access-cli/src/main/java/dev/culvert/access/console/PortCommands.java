package dev.culvert.access.console;

import dev.culvert.access.HostPort;
import dev.culvert.access.Problem;
import dev.culvert.access.ports.App;
import dev.culvert.access.ports.LocalPort;
import dev.culvert.access.ports.LocalPorts;
import dev.culvert.access.ports.PortSpec;
import dev.culvert.access.ports.PortsFile;
import dev.culvert.terminal.Choice;
import dev.culvert.terminal.CommandFailure;
import dev.culvert.terminal.ConsoleCommand;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Tone;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// `open`, `close`, `streams` and `save`. Confined to the console's thread.
final class PortCommands {
    private static final Duration REDRAW = Duration.ofSeconds(1);
    private static final String ALL = "all";

    private final Screen screen;
    private final Offered offered;
    private final LocalPorts ports;
    private final Consumer<URI> browser;

    /// @param browser opens a page
    PortCommands(Screen screen, Offered offered, LocalPorts ports, Consumer<URI> browser) {
        this.screen = screen;
        this.offered = offered;
        this.ports = ports;
        this.browser = browser;
    }

    List<ConsoleCommand> all() {
        return List.of(
                ConsoleCommand.of(
                                "open",
                                "APP|HOST [PORT]",
                                "a local port for ssh, rdp, vnc and tcp; the browser for web",
                                Words.explained(this::open))
                        .completing(words -> words.isEmpty() ? offered.choices() : List.of()),
                ConsoleCommand.of(
                                "close",
                                "APP|PORT|all",
                                "close a local port; its streams end",
                                Words.explained(this::close))
                        .completing(words -> words.isEmpty() ? openPorts() : List.of()),
                ConsoleCommand.of(
                        "streams",
                        "",
                        "what is carried, drawn again each second until a key",
                        _ -> streams()),
                ConsoleCommand.of(
                        "save",
                        "FILE",
                        "write the open ports into a file for access up",
                        Words.explained(this::save)));
    }

    private void open(List<String> words) throws Problem, CommandFailure {
        Words.require(words, 1, Integer.MAX_VALUE, "open APP|HOST [PORT]");
        boolean told = words.size() > 1 && isAddress(words.getLast());
        // Names may have blanks, and need no quotes.
        App app = offered.find(String.join(" ", told ? words.subList(0, words.size() - 1) : words));
        if (app.kind() == App.Kind.WEB && !told) {
            browser.accept(URI.create(app.url()));
            screen.say(Line.of("in the browser: ").and(Tone.ACCENT, app.url()));
            return;
        }
        String listen = told ? words.getLast() : "0";
        LocalPort port =
                ports.open(new PortSpec(app.name(), app.target(), listen, null, null, null));
        String use = use(app.kind(), port.address());
        if (!use.isEmpty()) {
            screen.say(Line.of(Tone.FAINT, "use it:  ").and(Tone.STRONG, use));
        }
    }

    private static boolean isAddress(String word) {
        return HostPort.portNumber(word) >= 0 || HostPort.parse(word, -1) != null;
    }

    private static String use(App.Kind kind, HostPort at) {
        return switch (kind) {
            case SSH -> "ssh -p " + at.port() + " USER@" + at.host();
            case RDP -> "xfreerdp /v:" + at;
            case VNC -> "vncviewer " + at.host() + "::" + at.port();
            case WEB, TCP -> "";
        };
    }

    private void close(List<String> words) throws CommandFailure {
        Words.require(words, 1, Integer.MAX_VALUE, "close APP|PORT|all");
        String which = String.join(" ", words);
        boolean all = which.equals(ALL);
        List<LocalPort> meant =
                ports.list().stream()
                        .filter(port ->
                                all
                                        || port.name().equalsIgnoreCase(which)
                                        || String.valueOf(port.address().port()).equals(which))
                        .toList();
        if (meant.isEmpty()) {
            throw new CommandFailure(
                    all ? "no port is open" : "no port " + which + " is open",
                    "open one: open APP");
        }
        meant.forEach(port -> ports.close(port.name()));
    }

    private void streams() {
        StreamTable table = new StreamTable(ports, System::nanoTime);
        watch(true);
        try {
            screen.watch(
                    REDRAW,
                    width -> {
                        // Ports may have been opened meanwhile.
                        watch(true);
                        return table.lines(width);
                    });
        } finally {
            watch(false);
        }
    }

    private void watch(boolean on) {
        ports.list().forEach(port -> port.watch(on));
    }

    private void save(List<String> words) throws CommandFailure {
        Words.require(words, 1, 1, "save FILE");
        List<LocalPort> open = ports.list();
        if (open.isEmpty()) {
            throw new CommandFailure(
                    "no port is open", "open those that are to be saved: open APP");
        }
        Path file = Path.of(words.getFirst());
        try {
            PortsFile.write(file, open);
        } catch (IOException e) {
            throw new CommandFailure(
                    file + ": cannot be written: " + e.getMessage(), "name another file");
        }
        screen.say(Line.of("open them again:  ").and(Tone.STRONG, "access up " + file));
    }

    private List<Choice> openPorts() {
        return ports.list().stream()
                .map(port -> new Choice(port.name(), port.address().toString()))
                .toList();
    }
}
