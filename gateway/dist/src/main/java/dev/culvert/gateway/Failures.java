package dev.culvert.gateway;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.certificates.BadCertificateException;
import dev.culvert.edge.command.CommandErrors;
import dev.culvert.edge.state.StateException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// Start-up failures as people see them, on stderr. Exit codes: 1 failed, 2 usage or configuration.
/// Stateless.
final class Failures {
    static final int FAILED = 1;
    static final int CONFIGURATION = 2;

    private Failures() {}

    static int report(PrintWriter err, Exception failure) {
        switch (failure) {
            case InvalidConfigException e -> {
                for (var problem : e.problems()) {
                    err.println("gateway: error: " + problem);
                }
                err.println("gateway: hint: nothing was started; see docs/configuration.md");
                err.flush();
                return CONFIGURATION;
            }
            case BadCertificateException e -> {
                e.problems().forEach(problem -> err.println("gateway: error: " + problem));
                err.println("gateway: hint: nothing was started; see docs/certificates.md");
                err.flush();
                return CONFIGURATION;
            }
            case StateException e -> {
                return CommandErrors.report(err, e);
            }
            case NoSuchFileException e -> {
                CommandErrors.print(err, e.getMessage() + ": no such file", "check the path");
                return CONFIGURATION;
            }
            case AccessDeniedException e -> {
                CommandErrors.print(
                        err, e.getMessage() + ": access denied", "check who may read it");
                return CONFIGURATION;
            }
            case IOException e -> {
                String message = String.valueOf(e.getMessage());
                CommandErrors.print(
                        err,
                        message,
                        message.contains("cannot listen")
                                ? "stop the program that has the port, or choose another address"
                                : "nothing was started");
                return FAILED;
            }
            default -> throw new IllegalStateException(failure);
        }
    }

    /// The state's own hint names an option that the demo does not have.
    static int demoRunsAlready(PrintWriter err, StateException locked) {
        CommandErrors.print(
                err,
                String.valueOf(locked.getMessage()),
                "the demo runs already: stop that process, or give this one a --directory of its own");
        return FAILED;
    }
}
