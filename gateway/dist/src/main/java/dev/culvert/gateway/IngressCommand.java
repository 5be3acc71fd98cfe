package dev.culvert.gateway;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.connector.config.IngressCheck;
import dev.culvert.connector.ingress.IngressRule;
import dev.culvert.edge.command.CommandErrors;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gateway connector ingress`: looks at rules without running them. What is printed on standard output
/// is what cloudflared prints. Confined to the main thread.
@Command(
        name = "ingress",
        description = "Check the ingress rules of a configuration, without running anything.",
        mixinStandardHelpOptions = true,
        subcommands = {IngressCommand.Validate.class, IngressCommand.Rule.class})
final class IngressCommand implements Runnable {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields before run()
    IngressCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: gateway connector ingress validate, or rule");
    }

    /// What both commands are told.
    private abstract static class OnRules implements Callable<Integer> {
        @Spec CommandSpec spec;

        @Option(names = "--config", paramLabel = "FILE", description = "Configuration file.")
        @Nullable Path config;

        @Option(names = "--url", hidden = true, description = "Excludes ingress rules.")
        @Nullable String url;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
        OnRules() {}

        void print(String line) {
            spec.commandLine().getOut().println(line);
            spec.commandLine().getOut().flush();
        }

        PrintWriter err() {
            return spec.commandLine().getErr();
        }

        /// @param what stands before the name of the file
        IngressCheck read(String what) throws InvalidConfigException {
            Map<String, String> environment = System.getenv();
            Path file = config != null ? config : IngressCheck.defaultFile(environment);
            if (file == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no configuration file was found (expected: --config FILE, or config.yml in"
                                + " ~/.cloudflared or /etc/cloudflared)");
            }
            print(what + file);
            return IngressCheck.ofFile(
                    file, url, environment, ConnectorCommand.Run.installedPlugins());
        }

        int failed(InvalidConfigException invalid) {
            int count = invalid.problems().size();
            err().println("Validation failed: " + (count == 1 ? "1 problem" : count + " problems"));
            invalid.problems().forEach(problem -> err().println("gateway: error: " + problem));
            err().println("gateway: hint: see docs/configuration.md");
            err().flush();
            return Failures.FAILED;
        }
    }

    /// `gateway connector ingress validate`.
    @Command(
            name = "validate",
            description = "Say whether the rules are right, and everything that is wrong.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:the rules are right", "1:they are not", "2:usage"})
    static final class Validate extends OnRules {
        @Option(
                names = {"--json", "-j"},
                paramLabel = "JSON",
                defaultValue = "${env:TUNNEL_INGRESS_VALIDATE_JSON}",
                description = "The configuration itself ($TUNNEL_INGRESS_VALIDATE_JSON).")
        @Nullable String json;

        @Override
        public Integer call() {
            try (IngressCheck check = check()) {
                check.notes().forEach(note -> err().println("gateway: note: " + note));
                err().flush();
                print("OK");
                return 0;
            } catch (InvalidConfigException e) {
                return failed(e);
            }
        }

        private IngressCheck check() throws InvalidConfigException {
            if (json == null || json.isEmpty()) {
                return read("Validating rules from ");
            }
            if (config != null || url != null) {
                throw new ParameterException(
                        spec.commandLine(), "--json stands beside another source (expected: one)");
            }
            print("Validating rules from cmdline flag --json");
            return IngressCheck.ofText("--json", json, ConnectorCommand.Run.installedPlugins());
        }
    }

    /// `gateway connector ingress rule URL`.
    @Command(
            name = "rule",
            description = "Say which rule a request for URL would be served by.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:a rule was found", "1:the rules are wrong", "2:usage"})
    static final class Rule extends OnRules {
        private static final Pattern ABSOLUTE =
                Pattern.compile(
                        "[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(?<host>[^/?#@]+)(?<path>[^#]*)(?:#.*)?");

        @Parameters(paramLabel = "URL", description = "With scheme and host, such as https://a/b.")
        String address = "";

        @Override
        public Integer call() {
            Matcher parts = ABSOLUTE.matcher(address);
            if (!parts.matches()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "\"" + address + "\" (expected: a URL with scheme and host)");
            }
            try (IngressCheck check = read("Using rules from ")) {
                IngressRule rule = check.ingress().match(parts.group("host"), parts.group("path"));
                if (rule == null) {
                    CommandErrors.print(
                            err(),
                            parts.group("host") + " is served by no rule",
                            "that name belongs to cloudflared's management service");
                    return Failures.FAILED;
                }
                print("Matched rule #" + (rule.number() - 1));
                if (!rule.hostname().text().isEmpty()) {
                    print("\thostname: " + rule.hostname().text());
                }
                if (rule.path() != null) {
                    print("\tpath: " + rule.path());
                }
                print("\tservice: " + rule.service().text());
                return 0;
            } catch (InvalidConfigException e) {
                return failed(e);
            }
        }
    }
}
