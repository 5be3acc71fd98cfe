package dev.culvert.edge.command;

import dev.culvert.edge.state.StateException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Failures as people see them: `gateway: error: …`, then `gateway: hint: …`, on stderr. Exit codes: 1
/// failed, 2 usage or configuration. Immutable.
public final class CommandErrors implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /// Makes a command line and all below it report failures this way.
    public static CommandLine on(CommandLine line) {
        CommandErrors errors = new CommandErrors();
        return line.setExecutionExceptionHandler(errors).setParameterExceptionHandler(errors);
    }

    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        CommandLine line = problem.getCommandLine();
        print(
                line.getErr(),
                String.valueOf(problem.getMessage()),
                "see " + line.getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    @Override
    public int handleExecutionException(Exception problem, CommandLine line, ParseResult parsed)
            throws Exception {
        if (problem instanceof StateException refusal) {
            return report(line.getErr(), refusal);
        }
        throw problem;
    }

    /// Prints what was refused and what to do.
    ///
    /// @return the exit code
    public static int report(PrintWriter err, StateException refusal) {
        print(err, String.valueOf(refusal.getMessage()), refusal.next());
        return switch (refusal.code()) {
            case INVALID, PERMISSIONS, KEY -> USAGE;
            case NOT_FOUND, CONFLICT, LIMIT, LOCKED, UNREACHABLE, STORAGE -> FAILED;
        };
    }

    /// The two lines of every failure.
    public static void print(PrintWriter err, String error, String hint) {
        err.println("gateway: error: " + error);
        err.println("gateway: hint: " + hint);
        err.flush();
    }
}
