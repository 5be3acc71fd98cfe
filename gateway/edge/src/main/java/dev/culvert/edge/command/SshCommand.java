package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.state.StateException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `gateway ssh ca | rotate | activate | forget | sign-host | host-keys | forget-host`, of an edge that runs.
@Command(
        name = "ssh",
        description =
                "The authorities that sign SSH certificates, and keys of hosts. The edge must be running.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class SshCommand {
    private static final String AUTHORITIES = "plugins/ssh/authorities";
    private static final String HOST_KEYS = "plugins/ssh/host-keys";

    @Spec private CommandSpec spec = CommandSpec.create();

    /// Spelled as on the command line.
    enum Authority {
        user,
        host
    }

    @Command(
            name = "ca",
            description = {
                "Prints the public keys that hosts trust for users: the file of TrustedUserCAKeys.",
                "With --known-hosts, those that users trust for hosts: lines of known_hosts."
            },
            mixinStandardHelpOptions = true)
    int ca(
            @Option(
                            names = "--known-hosts",
                            arity = "0..1",
                            fallbackValue = "",
                            paramLabel = "PATTERN",
                            description =
                                    "Lines for known_hosts; for hosts of this pattern (default: those"
                                            + " beside the auth host, such as *.example.com).")
                    @Nullable String knownHosts,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode all = control.ask("GET", AUTHORITIES, null);
                    if (options.isJson()) {
                        Printed.json(out(), all);
                    } else if (knownHosts == null) {
                        print("", "user", all);
                    } else {
                        print("@cert-authority " + pattern(knownHosts, all) + " ", "host", all);
                    }
                });
    }

    private static String pattern(String given, JsonNode all) throws StateException {
        String pattern = given.isEmpty() ? all.path("hosts").asString("") : given;
        if (!pattern.matches("[!-~]+")) {
            throw new StateException(
                    StateException.Code.INVALID,
                    "--known-hosts: " + StateException.quoted(pattern) + " (expected: a pattern)",
                    "for example --known-hosts '*.example.com'");
        }
        return pattern;
    }

    private void print(String before, String authority, JsonNode all) {
        for (JsonNode key : all.path(authority)) {
            out().println(
                            before
                                    + key.path("key").asString("")
                                    + " culvert-"
                                    + authority
                                    + "-authority "
                                    + key.path("state").asString(""));
        }
    }

    @Command(
            name = "rotate",
            description = {
                "Makes next keys, which are published and sign nothing yet.",
                "Give them to all hosts and users (gateway ssh ca), then: gateway ssh activate."
            },
            mixinStandardHelpOptions = true)
    int rotate(
            @Option(names = "--authority", paramLabel = "WHICH", description = WHICH)
                    @Nullable Authority authority,
            @Mixin StateOptions options) {
        return change("rotate", authority, options);
    }

    @Command(
            name = "activate",
            description = {
                "Lets the next keys sign. The old ones sign no more, and stay published while what they"
                        + " have signed may be good.",
                "A host that has not learned the next keys refuses certificates from now on."
            },
            mixinStandardHelpOptions = true)
    int activate(
            @Option(names = "--authority", paramLabel = "WHICH", description = WHICH)
                    @Nullable Authority authority,
            @Mixin StateOptions options) {
        return change("activate", authority, options);
    }

    @Command(
            name = "forget",
            description = {
                "Publishes retired keys no more, when one of them was stolen. The edge itself takes nothing"
                        + " that they have signed from now on.",
                "Take them out of hosts' and users' files too (gateway ssh ca)."
            },
            mixinStandardHelpOptions = true)
    int forget(
            @Option(names = "--authority", paramLabel = "WHICH", description = WHICH)
                    @Nullable Authority authority,
            @Mixin StateOptions options) {
        return change("forget", authority, options);
    }

    private static final String WHICH = "${COMPLETION-CANDIDATES} (default: both).";

    private int change(String what, @Nullable Authority authority, StateOptions options) {
        return options.run(
                spec,
                control -> {
                    ObjectNode body = TunnelControl.object();
                    if (authority != null) {
                        body.put("authority", authority.name());
                    }
                    JsonNode all = control.ask("POST", AUTHORITIES + "/" + what, body);
                    if (options.isJson()) {
                        Printed.json(out(), all);
                    } else {
                        table(all);
                    }
                });
    }

    private void table(JsonNode all) {
        List<List<String>> rows = new ArrayList<>();
        for (Authority authority : Authority.values()) {
            for (JsonNode key : all.path(authority.name())) {
                rows.add(
                        List.of(
                                authority.name(),
                                key.path("state").asString(""),
                                key.path("since").asString(""),
                                key.path("key").asString("").split(" ", 2)[0],
                                key.path("fingerprint").asString("")));
            }
        }
        Table.print(out(), List.of("AUTHORITY", "STATE", "SINCE", "TYPE", "FINGERPRINT"), rows);
    }

    @Command(
            name = "sign-host",
            description = {
                "Signs the key of a host, so that users who trust the authority know it.",
                "The certificate is written beside the key, for sshd's HostCertificate."
            },
            mixinStandardHelpOptions = true)
    int signHost(
            @Parameters(
                            paramLabel = "KEYFILE",
                            description =
                                    "Public key of the host, such as ssh_host_ed25519_key.pub.")
                    Path key,
            @Option(
                            names = "--hostname",
                            required = true,
                            paramLabel = "HOST",
                            description = "As users call the host.")
                    String hostname,
            @Option(
                            names = "--life",
                            paramLabel = "DURATION",
                            defaultValue = "8760h",
                            converter = DurationText.class,
                            description =
                                    "1h to 9600h (default: ${DEFAULT-VALUE}, a year); sign it again"
                                            + " before that.")
                    Duration life,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    HostKeyFile file = HostKeyFile.of(key);
                    JsonNode signed =
                            control.ask(
                                    "POST",
                                    "plugins/ssh/host-certificates",
                                    TunnelControl.object()
                                            .put("public_key", file.line())
                                            .put("hostname", hostname)
                                            .put("life", life.toString()));
                    file.writeCertificate(signed.path("certificate").asString(""));
                    if (options.isJson()) {
                        Printed.json(out(), signed);
                        return;
                    }
                    out().println(
                                    file.certificate()
                                            + " is good until "
                                            + signed.path("expires_at").asString(""));
                    out().println("In the host's sshd_config, with its path there:");
                    out().println();
                    out().println("  HostCertificate " + file.certificate());
                });
    }

    @Command(
            name = "host-keys",
            description = "Lists the keys of hosts that users have trusted, and are held to.",
            mixinStandardHelpOptions = true)
    int hostKeys(@Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode all = control.ask("GET", HOST_KEYS, null);
                    if (options.isJson()) {
                        Printed.json(out(), all);
                        return;
                    }
                    List<List<String>> rows = new ArrayList<>();
                    for (JsonNode kept : all.path("host_keys")) {
                        rows.add(
                                List.of(
                                        kept.path("host").asString(""),
                                        kept.path("key").asString("")));
                    }
                    Table.print(out(), List.of("HOST", "KEY"), rows);
                });
    }

    @Command(
            name = "forget-host",
            description = {
                "Forgets the key of a host: the next one is shown to a user again, and then kept.",
                "For a host that was really given another key; compare it with the host's own first."
            },
            mixinStandardHelpOptions = true)
    int forgetHost(
            @Parameters(paramLabel = "HOST", description = "As users call the host.") String host,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    if (!host.matches("[A-Za-z0-9.-]{1,253}")) {
                        throw new StateException(
                                StateException.Code.INVALID,
                                "HOST: " + StateException.quoted(host) + " (expected: a host name)",
                                "gateway ssh host-keys lists them");
                    }
                    JsonNode answer = control.ask("DELETE", HOST_KEYS + "/" + host, null);
                    if (options.isJson()) {
                        Printed.json(out(), answer);
                    } else {
                        out().println("The key of " + host + " is forgotten.");
                    }
                });
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
