package dev.culvert.access.console;

import dev.culvert.access.Problem;
import dev.culvert.access.ports.Account;
import dev.culvert.access.ports.App;
import dev.culvert.access.ports.LocalPort;
import dev.culvert.access.ports.LocalPorts;
import dev.culvert.terminal.Columns;
import dev.culvert.terminal.CommandFailure;
import dev.culvert.terminal.ConsoleCommand;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Tone;
import java.util.List;

/// `apps`, `login` and `logout`. Confined to the console's thread.
final class AccountCommands {
    private final Screen screen;
    private final Account account;
    private final Offered offered;
    private final LocalPorts ports;

    AccountCommands(Screen screen, Account account, Offered offered, LocalPorts ports) {
        this.screen = screen;
        this.account = account;
        this.offered = offered;
        this.ports = ports;
    }

    List<ConsoleCommand> all() {
        return List.of(
                ConsoleCommand.of(
                        "apps",
                        "[TEXT]",
                        "the applications you may use, or those with these letters",
                        Words.explained(this::apps)),
                ConsoleCommand.of(
                        "login", "URL", "sign in to a service", Words.explained(this::login)),
                ConsoleCommand.of(
                        "logout",
                        "[URL]",
                        "end your session, or all of them",
                        Words.explained(this::logout)));
    }

    private void apps(List<String> words) throws Problem, CommandFailure {
        offered.refresh();
        List<App> found = offered.search(String.join(" ", words));
        if (found.isEmpty()) {
            throw words.isEmpty()
                    ? new CommandFailure(
                            "no application is known",
                            "sign in: login URL, or open a host name: open ssh.example.com")
                    : new CommandFailure("none has these letters", "all applications: apps");
        }
        Columns table = new Columns("NAME", "KIND", "HOST", "OPEN ON");
        for (App app : found) {
            table.row(
                    Line.of(Tone.ACCENT, app.name()),
                    Line.of(app.kind().word()),
                    Line.of(app.path().equals("/") ? app.hostname() : app.hostname() + app.path()),
                    Line.of(Tone.GOOD, openOn(app)));
        }
        screen.say(table.lines(screen.columns()));
    }

    private String openOn(App app) {
        return ports.list().stream()
                .filter(port -> port.name().equals(app.name()))
                .map(LocalPort::address)
                .map(Object::toString)
                .findFirst()
                .orElse("");
    }

    private void login(List<String> words) throws Problem, CommandFailure {
        Words.require(words, 1, 1, "login https://app.example.com");
        account.login(words.getFirst());
        int count = offered.refresh().size();
        screen.say(Line.of(Tone.GOOD, "signed in").and(", applications: " + count));
    }

    private void logout(List<String> words) throws Problem, CommandFailure {
        Words.require(words, 0, 1, "logout [URL]");
        List<String> over = account.logout(words.isEmpty() ? null : words.getFirst());
        if (over.isEmpty()) {
            throw new CommandFailure("there is no session", "sign in: login URL");
        }
        over.forEach(host -> screen.say(Line.of("signed out at " + host)));
        offered.refresh();
    }
}
