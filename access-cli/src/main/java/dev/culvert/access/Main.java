package dev.culvert.access;

import dev.culvert.access.login.AccessTokens;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
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
            SSLContext tls = Trust.context(route.caFile());
            SignedRoute signed =
                    new SignedRoute(
                            route, () -> AccessTokens.atTerminal(options, environment, tls));
            if (options.listen != null) {
                return Listener.run(options.listen, signed, tls);
            }
            Problem problem = carry(signed, tls);
            return problem == null ? 0 : report(problem);
        } catch (Problem problem) {
            return report(problem);
        }
    }

    /// Nothing of the input is read before a stream stands: it may be opened again.
    private static @Nullable Problem carry(SignedRoute signed, SSLContext tls) throws Problem {
        for (int renewals = 0; ; renewals++) {
            Route route = signed.route();
            Problem problem = carry(route, tls);
            if (problem == null || !signed.mayRenew(problem, renewals)) {
                return problem;
            }
            signed.renew(route);
        }
    }

    private static @Nullable Problem carry(Route route, SSLContext tls) {
        try {
            return new StdioForward(
                            route,
                            Dialer.dial(route, tls),
                            new FileInputStream(FileDescriptor.in),
                            new FileOutputStream(FileDescriptor.out),
                            StdioForward.IDLE_MILLIS)
                    .run();
        } catch (IOException e) {
            return Explanation.of(e, route);
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
