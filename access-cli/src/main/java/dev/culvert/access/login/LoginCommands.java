package dev.culvert.access.login;

import dev.culvert.access.ForwardOptions;
import dev.culvert.access.HostPort;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import dev.culvert.access.Trust;
import dev.culvert.completion.KnownHosts;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `login`, `token`, `curl` and `logout`. Flag names are cloudflared's.
public final class LoginCommands {
    private LoginCommands() {}

    /// From the first argument that is not its own on, all are another program's.
    public static void passArguments(@Nullable CommandLine command) {
        if (command != null) {
            command.setStopAtPositional(true).setUnmatchedOptionsArePositionalParams(true);
        }
    }

    /// How the edge is reached, and for which service.
    static final class Way {
        @Spec(Spec.Target.MIXEE)
        @Nullable CommandSpec spec;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help.")
        boolean help;

        @Option(
                names = "--cacert",
                paramLabel = "FILE",
                description =
                        "PEM file of the authorities to trust instead of the platform's"
                                + " ($CULVERT_CACERT, $SSL_CERT_FILE).")
        @Nullable String cacert;

        @Option(
                names = "--connect-to",
                paramLabel = "HOST[:PORT]",
                description = "Dial elsewhere, for the service and the auth host.")
        @Nullable String connectTo;

        ForwardOptions options(@Nullable Target app) {
            ForwardOptions options = new ForwardOptions();
            options.fillFrom(System::getenv);
            options.hostname = app == null ? null : app.uri();
            options.cacert = cacert != null ? cacert : options.cacert;
            options.connectTo = connectTo;
            return options;
        }

        AccessTokens tokens(@Nullable Target app, boolean autoClose) throws Problem {
            ForwardOptions options = options(app);
            return new AccessTokens(
                    options,
                    System::getenv,
                    Trust.context(options.cacert),
                    TextPrompt.stderr(),
                    autoClose);
        }

        PrintWriter out() {
            if (spec == null) {
                throw new IllegalStateException("not mixed in");
            }
            return spec.commandLine().getOut();
        }
    }

    /// The service, named as an argument or, as in older command lines, by a flag.
    static final class App {
        @Parameters(
                arity = "0..1",
                paramLabel = "URL",
                completionCandidates = KnownHosts.class,
                description = "Address of the service.")
        @Nullable String url;

        @Option(names = "--app", paramLabel = "URL", description = "Same as URL.")
        @Nullable String app;

        @Nullable Target optional() throws Problem {
            String text = url != null ? url : app;
            return text == null ? null : Target.parse(text, "URL");
        }

        Target required(String command) throws Problem {
            Target target = optional();
            if (target == null) {
                throw Problem.usage(
                        "URL: missing (expected: the address of a service)",
                        "for example access " + command + " https://wiki.example.com");
            }
            return target;
        }
    }

    @Command(
            name = "login",
            description = {
                "Sign in to a service's application with a browser, and print its token.",
                "Without a browser here, open the printed address on any machine and compare the code."
            })
    public static final class Login implements Callable<Integer> {
        @Mixin Way way = new Way();
        @Mixin App app = new App();

        @Option(
                names = {"-q", "--quiet", "--no-verbose"},
                description = "Do not print the token.")
        boolean quiet;

        @Option(names = "--auto-close", description = "Let the browser's page close itself.")
        boolean autoClose;

        @Override
        public Integer call() throws Problem {
            Target target = app.required("login");
            String token = way.tokens(target, autoClose).checkedTokenFor(target);
            if (!quiet) {
                way.out().println(token);
                way.out().flush();
            }
            return 0;
        }
    }

    @Command(
            name = "token",
            description =
                    "Print the stored token of a service's application; 3 when there is none.")
    public static final class Token implements Callable<Integer> {
        @Mixin Way way = new Way();
        @Mixin App app = new App();

        @Override
        public Integer call() throws Problem {
            Target target = app.required("token");
            String token = way.tokens(target, false).stored(target);
            if (token == null) {
                throw AccessTokens.needed(target);
            }
            way.out().println(token);
            way.out().flush();
            return 0;
        }
    }

    @Command(
            name = "logout",
            description = {
                "End the session of a service's auth host, or of all, and remove the tokens.",
                "What is open under it is closed by the edge."
            })
    public static final class Logout implements Callable<Integer> {
        @Mixin Way way = new Way();
        @Mixin App app = new App();

        @Override
        public Integer call() throws Problem {
            Target target = app.optional();
            List<HostPort> over = way.tokens(target, false).logout(target);
            for (HostPort host : over) {
                way.out().println("signed out at " + Hosts.text(host));
            }
            if (over.isEmpty()) {
                way.out().println("no session here");
            }
            way.out().flush();
            return 0;
        }
    }

    @Command(
            name = "curl",
            description = {
                "Run curl with the token of the application; sign in first when there is none.",
                "The token is given to curl as a cookie of the service's host, in a file that only you can"
                        + " read, and so is not sent on by a redirect to another host."
            },
            customSynopsis = "access curl [--allow-request] [--cacert=FILE] URL [CURL ARGUMENTS]")
    public static final class Curl implements Callable<Integer> {
        @Mixin Way way = new Way();

        @Option(
                names = {"--allow-request", "-ar"},
                description = "Send the request also where no application asks for a login.")
        boolean allowRequest;

        /// From the first that is none of ours on.
        @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "Passed to curl.")
        List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws Problem {
            CurlRun run = new CurlRun(arguments);
            AccessTokens tokens = way.tokens(run.target(), false);
            boolean plain = allowRequest && !tokens.isProtected(run.target());
            String token = plain ? null : tokens.checkedTokenFor(run.target());
            return run.run(way.options(run.target()), token);
        }
    }
}
