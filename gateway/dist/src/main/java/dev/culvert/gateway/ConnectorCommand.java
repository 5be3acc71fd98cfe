package dev.culvert.gateway;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.connector.ConnectorProcess;
import dev.culvert.connector.config.ConnectorConfig;
import dev.culvert.connector.config.ConnectorOptions;
import dev.culvert.connector.link.LinkProblem;
import dev.culvert.connector.precheck.Report;
import dev.culvert.edge.command.CommandErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gateway connector`. Confined to the main thread.
@Command(
        name = "connector",
        description = "Run a connector beside private services.",
        mixinStandardHelpOptions = true,
        subcommands = {ConnectorCommand.Run.class, ReadyCommand.class, IngressCommand.class})
final class ConnectorCommand implements Runnable {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields before run()
    ConnectorCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: gateway connector run, ready or ingress");
    }

    /// `gateway connector run`: runs until SIGTERM or SIGINT, or until the edge refuses it for good.
    @Command(
            name = "run",
            description =
                    "Dial the edge and carry its streams to the services of the ingress rules.",
            mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        private static final Logger log = LoggerFactory.getLogger(ConnectorCommand.class);

        @Spec private CommandSpec spec;
        @Mixin private ConnectorOptions options = new ConnectorOptions();

        @SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
        Run() {}

        @Override
        public Integer call() throws InterruptedException {
            ConnectorProcess process;
            Path pidFile;
            try {
                ConnectorConfig config = options.load(System.getenv(), installedPlugins());
                LogLevels.set(config.logLevel().name());
                try {
                    LogOutput.apply(config.operation());
                } catch (IOException e) {
                    config.close();
                    CommandErrors.print(
                            spec.commandLine().getErr(),
                            String.valueOf(e.getMessage()),
                            "nothing was started; choose a place this user can write to");
                    return Failures.CONFIGURATION;
                }
                pidFile = config.pidFile();
                process =
                        ConnectorProcess.start(
                                config, "culvert/" + Version.text(), Run::showPrechecks);
            } catch (InvalidConfigException | IOException e) {
                return Failures.report(spec.commandLine().getErr(), e);
            }
            Termination termination = new Termination();
            HangUp.onSignal(process::reload);
            AtomicReference<@Nullable LinkProblem> hopeless = new AtomicReference<>();
            try (process) {
                process.connector()
                        .hopeless()
                        .thenAccept(problem -> {
                            hopeless.set(problem);
                            termination.ask();
                        });
                process.connector().firstRegistered().thenRun(() -> writePid(pidFile));
                termination.await();
                LinkProblem problem = hopeless.get();
                if (problem != null) {
                    CommandErrors.print(
                            spec.commandLine().getErr(), problem.sentence(), problem.hint());
                    return Failures.FAILED;
                }
                process.drain();
                return 0;
            } finally {
                termination.finished();
            }
        }

        /// At a terminal a table, else lines of the log.
        private static void showPrechecks(Report report) {
            if (LogOutput.isTerminal()) {
                System.err.print(report.table());
            } else {
                report.log(log);
            }
        }

        private static void writePid(@Nullable Path file) {
            if (file != null) {
                try {
                    Files.writeString(file, ProcessHandle.current().pid() + "\n");
                } catch (IOException e) {
                    log.warn(
                            "Pid file cannot be written file={} reason=\"{}\"",
                            file,
                            e.getMessage());
                }
            }
        }

        /// `plugins/` beside the shipped `lib/`, when the launcher says where that is.
        static @Nullable Path installedPlugins() {
            String home = System.getProperty("culvert.home");
            Path directory = home == null ? null : Path.of(home, "plugins");
            return directory != null && Files.isDirectory(directory) ? directory : null;
        }
    }
}
