package dev.culvert.access.console;

import dev.culvert.access.HostPort;
import dev.culvert.access.Problem;
import dev.culvert.access.ports.Account;
import dev.culvert.access.ports.App;
import dev.culvert.terminal.Choice;
import dev.culvert.terminal.CommandFailure;
import dev.culvert.terminal.Fuzzy;
import java.util.List;
import java.util.stream.Collectors;

/// The applications of this user, as they were when last asked for.
///
/// Thread-safe: the list is replaced as a whole.
final class Offered {
    private static final int MOST_NAMED = 5;

    private final Account account;
    private volatile List<App> apps = List.of();

    Offered(Account account) {
        this.account = account;
    }

    /// Asks the edges; blocks.
    List<App> refresh() throws Problem {
        apps = account.apps();
        return apps;
    }

    List<App> search(String text) {
        return Fuzzy.rank(text, apps, App::words);
    }

    List<Choice> choices() {
        return apps.stream()
                .map(app -> new Choice(app.name(), app.kind().word() + " " + app.hostname()))
                .toList();
    }

    /// The application that is meant: by its name, by its host name, by letters that only it has; else any host name.
    App find(String text) throws CommandFailure {
        for (App app : apps) {
            if (app.name().equalsIgnoreCase(text)) {
                return app;
            }
        }
        List<App> there =
                apps.stream().filter(app -> app.hostname().equalsIgnoreCase(text)).toList();
        if (there.size() == 1) {
            return there.getFirst();
        }
        if (isHostname(text)) {
            return App.ofHostname(text);
        }
        List<App> found = search(text);
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw found.isEmpty() ? unknown(text) : ambiguous(text, found);
    }

    /// With a dot or a port: other words are searched for.
    private static boolean isHostname(String text) {
        HostPort parsed = HostPort.parse(text, 443);
        return parsed != null
                && parsed.port() > 0
                && (text.indexOf('.') > 0 || text.indexOf(':') > 0)
                && parsed.host().matches("[A-Za-z0-9.-]+");
    }

    private CommandFailure unknown(String text) {
        return new CommandFailure(
                "no application " + text,
                apps.isEmpty()
                        ? "open a host name, such as ssh.example.com, or sign in: login URL"
                        : "all applications: apps");
    }

    private static CommandFailure ambiguous(String text, List<App> found) {
        String names =
                found.stream().limit(MOST_NAMED).map(App::name).collect(Collectors.joining(", "));
        String more = found.size() > MOST_NAMED ? ", …" : "";
        return new CommandFailure(
                text + " may be " + found.size() + " applications: " + names + more,
                "write more of the name; a tab completes it");
    }
}
