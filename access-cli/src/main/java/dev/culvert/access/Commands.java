package dev.culvert.access;

import dev.culvert.access.console.ConsoleStart;
import dev.culvert.access.login.LoginCommands;
import dev.culvert.access.login.SshGenCommand;
import dev.culvert.access.ports.Way;
import dev.culvert.completion.CompletionCommand;
import dev.culvert.completion.KnownHosts;
import java.io.PrintWriter;
import java.nio.file.Path;
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

/// The commands as picocli knows them: help, mistakes, and all that [FastArguments] leaves.
/// Flag names and aliases are cloudflared's.
@Command(
        name = "access",
        description = {
            "Reach a service behind a Culvert edge.",
            "Without a command, at a terminal: a console with your applications and local ports."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Commands.VersionText.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Commands.Forward.class,
            UpCommand.class,
            Commands.SshConfig.class,
            SshGenCommand.class,
            LoginCommands.Login.class,
            LoginCommands.Token.class,
            LoginCommands.Curl.class,
            LoginCommands.Logout.class,
            CompletionCommand.class,
            Commands.VersionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ok",
            "1:failed",
            "2:usage or configuration",
            "3:a login is needed",
            "4:denied"
        })
final class Commands implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Mixin Reach reach = new Reach();

    static int run(String[] args) {
        CommandLine line = new CommandLine(new Commands());
        line.setParameterExceptionHandler((e, _) -> {
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            return Main.report(
                    Problem.usage(
                            firstLine(String.valueOf(e.getMessage())),
                            "all flags: " + command + " --help"));
        });
        line.setExecutionExceptionHandler((e, _, _) -> Main.report(problem(e)));
        LoginCommands.passArguments(line.getSubcommands().get("curl"));
        return line.execute(args);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    private static Problem problem(Exception e) {
        return e instanceof Problem problem
                ? problem
                : Problem.failed("unexpected: " + e, "report it, with the command line");
    }

    /// Alone, at a terminal: the console.
    @Override
    public Integer call() throws Problem {
        return ConsoleStart.isPossible() ? ConsoleStart.run(reach.way()) : usage();
    }

    private int usage() {
        int code =
                Main.report(
                        Problem.usage(
                                "no command, and no terminal for the console",
                                "access ssh --hostname ssh.example.com; at a terminal: access"));
        if (spec != null) {
            spec.commandLine().usage(System.err);
        }
        return code;
    }

    /// How edges are reached, for the console and sets of ports.
    static final class Reach {
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
                description = "Dial all edges there; Host headers and TLS names stay.")
        @Nullable String connectTo;

        Way way() {
            return new Way(cacert, connectTo, System::getenv, null);
        }
    }

    @Command(
            name = "ssh",
            aliases = {"tcp", "rdp", "smb"},
            description = {
                "Carry bytes to a service: between standard input and output (for ssh's"
                        + " ProxyCommand), or from a local port with --url.",
                "The server's certificate is always verified, chain and name."
            },
            mixinStandardHelpOptions = true,
            versionProvider = VersionText.class)
    static final class Forward implements Callable<Integer> {
        @Option(
                names = {"--hostname", "--tunnel-host", "-T"},
                paramLabel = "HOST|URL",
                completionCandidates = KnownHosts.class,
                description =
                        "Public name of the service; a URL's port and path are used"
                                + " ($TUNNEL_SERVICE_HOSTNAME).")
        @Nullable String hostname;

        @Option(
                names = "--destination",
                paramLabel = "HOST:PORT",
                description = "Address behind a bastion service ($TUNNEL_SERVICE_DESTINATION).")
        @Nullable String destination;

        @Option(
                names = {"--url", "--listener", "-L"},
                paramLabel = "HOST:PORT",
                description =
                        "Listen here, one stream for each connection; port 0 picks one; loopback"
                                + " unless a host is given ($TUNNEL_SERVICE_URL).")
        @Nullable String url;

        @Parameters(arity = "0..1", paramLabel = "HOST:PORT", description = "Same as --url.")
        @Nullable String positional;

        @Option(
                names = {"--header", "-H"},
                paramLabel = "NAME: VALUE",
                description = "Extra header of the handshake; may be given several times.")
        List<String> headers = new ArrayList<>();

        @Option(
                names = {"--service-token-id", "--id"},
                paramLabel = "ID",
                description = "Service token ($TUNNEL_SERVICE_TOKEN_ID).")
        @Nullable String tokenId;

        @Option(
                names = {"--service-token-secret", "--secret"},
                paramLabel = "SECRET",
                description =
                        "Its secret ($TUNNEL_SERVICE_TOKEN_SECRET; the variable is safer: other"
                                + " users of this machine can see flags).")
        @Nullable String tokenSecret;

        @Option(
                names = "--cacert",
                paramLabel = "FILE",
                description =
                        "PEM file of the authorities to trust instead of the platform's"
                                + " ($CULVERT_CACERT, $SSL_CERT_FILE).")
        @Nullable String cacert;

        @Option(
                names = "--connect-to",
                paramLabel = "HOST[:PORT]|SNI:PORT:HOST",
                description =
                        "Dial elsewhere; the Host header stays. With three parts the first is the"
                                + " TLS name, and unlike in cloudflared the certificate is still"
                                + " verified, for that name.")
        @Nullable String connectTo;

        @Override
        public Integer call() {
            ForwardOptions options = new ForwardOptions();
            options.hostname = hostname;
            options.destination = destination;
            options.listen = url != null ? url : positional;
            options.headers = headers;
            options.tokenId = tokenId;
            options.tokenSecret = tokenSecret;
            options.cacert = cacert;
            options.connectTo = connectTo;
            return Main.forward(options);
        }
    }

    @Command(
            name = "ssh-config",
            description = "Print the block for ~/.ssh/config that reaches a host through access.",
            mixinStandardHelpOptions = true,
            versionProvider = VersionText.class)
    static final class SshConfig implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Option(
                names = "--hostname",
                required = true,
                paramLabel = "HOST[:PORT]",
                description = "Public name of the SSH service, with the edge's port if not 443.")
        String hostname = "";

        @Option(
                names = "--short-lived-cert",
                description =
                        "With a Match block that gets a certificate before each connection, for hosts"
                                + " that trust the edge's authority.")
        boolean shortLivedCertificate;

        @Option(
                names = "--cacert",
                paramLabel = "FILE",
                description = "PEM file of the authorities that the block's commands trust.")
        @Nullable String cacert;

        @Option(
                names = "--connect-to",
                paramLabel = "HOST[:PORT]",
                description = "Where the block's commands dial the edge.")
        @Nullable String connectTo;

        @Override
        public Integer call() {
            try {
                SshConfigBlock block =
                        SshConfigBlock.of(
                                hostname, SshConfigBlock.program(), absolute(cacert), connectTo);
                String text =
                        shortLivedCertificate
                                ? block.withCertificate(System::getenv)
                                : block.text();
                if (spec != null) {
                    PrintWriter out = spec.commandLine().getOut();
                    out.print(text);
                    out.flush();
                }
                return 0;
            } catch (Problem problem) {
                return Main.report(problem);
            }
        }

        /// ssh runs the commands in any directory.
        private static @Nullable String absolute(@Nullable String file) {
            return file == null ? null : Path.of(file).toAbsolutePath().normalize().toString();
        }
    }

    @Command(name = "version", description = "Print the version.")
    static final class VersionCommand implements Callable<Integer> {
        @Spec @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            if (spec != null) {
                spec.commandLine().getOut().println(VersionText.LINE);
            }
            return 0;
        }
    }

    /// For `--version`.
    static final class VersionText implements CommandLine.IVersionProvider {
        static final String LINE = "access " + Version.TEXT + ", Java " + Runtime.version();

        @Override
        public String[] getVersion() {
            return new String[] {LINE};
        }
    }
}
