package dev.culvert.gateway;

import dev.culvert.completion.CompletionCommand;
import dev.culvert.edge.command.AuditCommand;
import dev.culvert.edge.command.CommandErrors;
import dev.culvert.edge.command.ConsoleCommand;
import dev.culvert.edge.command.DesktopCommand;
import dev.culvert.edge.command.PolicyCommand;
import dev.culvert.edge.command.RecordingCommand;
import dev.culvert.edge.command.RouteCommand;
import dev.culvert.edge.command.ServiceTokenCommand;
import dev.culvert.edge.command.SessionCommand;
import dev.culvert.edge.command.SshCommand;
import dev.culvert.edge.command.TunnelCommand;
import dev.culvert.edge.command.UserCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The `gateway` program's command line. Exit codes: 0 ok, 1 failed, 2 usage or configuration; 130 and 143
/// after an orderly end that SIGINT or SIGTERM asked for.
///
/// Confined to the main thread.
@Command(
        name = "gateway",
        description = "Culvert's edge and connector, and their administration.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            EdgeCommand.class,
            ConnectorCommand.class,
            TunnelCommand.class,
            RouteCommand.class,
            PolicyCommand.class,
            UserCommand.class,
            ServiceTokenCommand.class,
            SessionCommand.class,
            AuditCommand.class,
            SshCommand.class,
            DesktopCommand.class,
            RecordingCommand.class,
            ConsoleCommand.class,
            DemoCommand.class,
            CompletionCommand.class
        })
public final class Main implements Runnable {

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields before run()
    Main() {}

    public static void main(String[] args) {
        System.exit(CommandErrors.on(new CommandLine(new Main())).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
