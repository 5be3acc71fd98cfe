package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.console.EdgeConsole;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.terminal.Screen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `gateway console`: a running edge, for a person at a terminal.
@Command(
        name = "console",
        description = {
            "Opens a console of the running edge: tunnels, connections, sessions and decisions.",
            "Needs a terminal."
        },
        mixinStandardHelpOptions = true)
public final class ConsoleCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private StateOptions options = new StateOptions();

    @Override
    public Integer call() {
        if (!Screen.isTerminal()) {
            return CommandErrors.report(
                    spec.commandLine().getErr(),
                    new StateException(
                            Code.INVALID,
                            "there is no terminal here",
                            "in scripts: gateway tunnel list, gateway session list, gateway audit"));
        }
        return options.run(spec, this::open);
    }

    private void open(TunnelControl edge) throws StateException {
        if (!edge.isEdgeRunning()) {
            throw new StateException(
                    Code.CONFLICT,
                    "no edge runs on the state in " + options.state(),
                    "start it: gateway edge; or name another state with --state");
        }
        Path history =
                Path.of(System.getProperty("user.home"), ".culvert", "gateway-console-history");
        try (TunnelControl watched = TunnelControl.open(options.state(), null);
                Screen screen = Screen.open("gateway", history, System::getenv)) {
            new EdgeConsole(screen, edge, watched).run();
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE,
                    "the console cannot be opened: " + e,
                    "see that " + history + " is yours to write",
                    e);
        }
    }
}
