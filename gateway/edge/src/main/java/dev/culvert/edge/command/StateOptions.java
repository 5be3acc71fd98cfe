package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.state.StateException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of every command on the state, and the way to run one.
final class StateOptions {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "${env:CULVERT_STATE:-${sys:user.home}/.culvert/edge}",
            description = "State directory of the edge (default: ~/.culvert/edge; CULVERT_STATE).")
    private Path state = Path.of(".");

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "Key of the tunnel secrets when it is not in the state directory; a running"
                            + " edge uses its own.")
    private @Nullable Path keyFile;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "json or table (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    /// Spelled as on the command line.
    enum Output {
        json,
        table
    }

    @FunctionalInterface
    interface Job {
        void run(TunnelControl control) throws StateException;
    }

    boolean isJson() {
        return output == Output.json;
    }

    Path state() {
        return state.toAbsolutePath().normalize();
    }

    /// Runs a job on the state that is there.
    ///
    /// @return the exit code
    int run(CommandSpec spec, Job job) {
        if (!Files.exists(state.resolve("state.db"))) {
            return CommandErrors.report(
                    spec.commandLine().getErr(),
                    new StateException(
                            StateException.Code.NOT_FOUND,
                            "there is no state in " + state() + " (expected: state.db)",
                            "name its directory with --state, or begin one: gateway tunnel create"
                                    + " NAME"));
        }
        return runOrBegin(spec, job);
    }

    /// Runs a job on the state, beginning a new one when there is none.
    ///
    /// @return the exit code
    int runOrBegin(CommandSpec spec, Job job) {
        try (TunnelControl control = TunnelControl.open(state, keyFile)) {
            job.run(control);
            spec.commandLine().getOut().flush();
            return 0;
        } catch (StateException e) {
            return CommandErrors.report(spec.commandLine().getErr(), e);
        }
    }
}
