package dev.culvert.access;

import dev.culvert.access.login.TextPrompt;
import dev.culvert.access.ports.Account;
import dev.culvert.access.ports.App;
import dev.culvert.access.ports.LocalPorts;
import dev.culvert.access.ports.PortEvent;
import dev.culvert.access.ports.PortsFile;
import dev.culvert.access.ports.Way;
import dev.culvert.config.ConfigProblem;
import dev.culvert.config.InvalidConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `access up FILE`: a saved set of ports, until SIGINT or SIGTERM; in a terminal or as a service.
@Command(
        name = "up",
        description = {
            "Open the local ports of a file, until told to end (docs/access.md).",
            "At SIGTERM or SIGINT no new connection is taken, and open streams have --grace to finish."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Commands.VersionText.class)
final class UpCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "The ports; `save FILE` of the console writes one.")
    Path file = Path.of("");

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "For how long streams may go on at the end (default: ${DEFAULT-VALUE}).")
    int grace;

    @Option(names = "--verbose", description = "Say of each stream when it opens and ends.")
    boolean verbose;

    @Mixin Commands.Reach reach = new Commands.Reach();

    private final Notices notices = Notices.ofSystem();

    @Override
    public Integer call() throws Problem {
        if (grace < 0) {
            throw Problem.usage(
                    "--grace: " + grace + " (expected: seconds, 0 or more)", "--grace 30");
        }
        PortsFile ports;
        try {
            ports = PortsFile.read(file);
        } catch (InvalidConfigException e) {
            for (ConfigProblem problem : e.problems()) {
                notices.error(problem.toString());
            }
            notices.hint("nothing was opened; what may be in it: docs/access.md");
            return Problem.USAGE;
        }
        // A service has nobody to ask: tokens that are there will do, or streams say that a login
        // is needed.
        Way way =
                System.console() == null ? reach.way() : reach.way().asking(TextPrompt.terminal());
        LocalPorts open = new LocalPorts(way, this::tell);
        try {
            open(ports, open);
        } catch (Problem problem) {
            open.close();
            throw problem;
        }
        notices.say("ready, ports open: " + open.list().size());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(open), "access-close"));
        await();
        return 0;
    }

    private void open(PortsFile ports, LocalPorts open) throws Problem {
        boolean asks = ports.entries().stream().anyMatch(entry -> entry.app() != null);
        List<App> apps = asks ? Account.of(reach.way()).apps() : List.of();
        for (PortsFile.Entry entry : ports.entries()) {
            open.open(entry.resolved(apps));
        }
    }

    private void end(LocalPorts open) {
        int streams = open.streams();
        if (streams > 0) {
            notices.say("ending, streams that may go on for " + grace + " s: " + streams);
        }
        int left = open.drain(Duration.ofSeconds(grace));
        open.close();
        notices.say(left == 0 ? "ended" : "ended, streams cut: " + left);
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(PortEvent event) {
        String text = event.port() + ": " + event.what();
        switch (event.weight()) {
            case DETAIL -> {
                if (verbose) {
                    notices.say(text);
                }
            }
            case NOTICE -> notices.say(text);
            case WARNING -> notices.warn(text);
            case ERROR -> {
                notices.error(text);
                notices.hint(event.hint());
            }
        }
    }
}
