package dev.culvert.access;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The program `access`. Standard output carries the tunnel's bytes only.
///
/// Two ways in: [FastArguments] for the command lines of a ProxyCommand, picocli for the rest.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        ForwardOptions fast = FastArguments.parse(args);
        int code = fast != null ? forward(fast) : Commands.run(args);
        // The thread that reads the input may be waiting for ever: returning is not enough.
        System.exit(code);
    }

    /// Runs `ssh`, `tcp`, `rdp` or `smb` to its end.
    ///
    /// @return the exit code
    static int forward(ForwardOptions options) {
        UnaryOperator<@Nullable String> environment = System::getenv;
        try {
            options.fillFrom(environment);
            Route route = Route.of(options, environment);
            var tls = Trust.context(route.caFile());
            if (options.listen != null) {
                return Listener.run(options.listen, route, tls);
            }
            Problem problem;
            try {
                problem =
                        new StdioForward(
                                        route,
                                        Dialer.dial(route, tls),
                                        new FileInputStream(FileDescriptor.in),
                                        new FileOutputStream(FileDescriptor.out),
                                        StdioForward.IDLE_MILLIS)
                                .run();
            } catch (java.io.IOException e) {
                problem = Explanation.of(e, route);
            }
            return problem == null ? 0 : report(problem);
        } catch (Problem problem) {
            return report(problem);
        }
    }

    /// Says a problem on stderr.
    ///
    /// @return its exit code
    static int report(Problem problem) {
        say(problem.lines());
        return problem.exitCode();
    }

    /// Text on stderr in one write, so that lines of several streams do not mix.
    static void say(String text) {
        PrintStream err = System.err;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        err.write(bytes, 0, bytes.length);
        err.flush();
    }
}
