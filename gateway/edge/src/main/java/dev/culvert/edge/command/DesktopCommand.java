package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import dev.culvert.edge.state.StateException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `gateway desktop list | end | certificates | login …`, of an edge that runs.
@Command(
        name = "desktop",
        description =
                "Remote desktops: those that are open, who signs in to hosts, and their certificates. The edge must be running.",
        mixinStandardHelpOptions = true,
        subcommands = DesktopCommand.LoginCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class DesktopCommand {
    private static final String CERTIFICATES = "plugins/desktop/certificates";
    private static final String LOGINS = "plugins/desktop/logins";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "Lists the desktops that are open, the newest first.",
            mixinStandardHelpOptions = true)
    int list(@Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode all = control.ask("GET", "desktops", null);
                    if (options.isJson()) {
                        Printed.json(out(spec), all.path("desktops"));
                        return;
                    }
                    List<List<String>> rows = new ArrayList<>();
                    for (JsonNode open : all.path("desktops")) {
                        rows.add(
                                texts(
                                        open,
                                        "id",
                                        "who",
                                        "application",
                                        "host",
                                        "kind",
                                        "engine",
                                        "startedAt",
                                        "recording",
                                        "watchers"));
                    }
                    Table.print(
                            out(spec),
                            List.of(
                                    "ID",
                                    "WHO",
                                    "APPLICATION",
                                    "HOST",
                                    "KIND",
                                    "ENGINE",
                                    "SINCE",
                                    "RECORDING",
                                    "WATCHED BY"),
                            rows);
                });
    }

    @Command(
            name = "end",
            description = "Ends a desktop; its user is told that an administrator did it.",
            mixinStandardHelpOptions = true)
    int end(
            @Parameters(paramLabel = "ID", description = "As listed.") String id,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    control.ask("POST", "desktops/" + encoded(id) + "/end", null);
                    if (options.isJson()) {
                        Printed.json(out(spec), Map.of("ended", id));
                    } else {
                        out(spec).println("Desktop ended.");
                    }
                });
    }

    @Command(
            name = "certificates",
            description =
                    "Lists the certificates of hosts that users have trusted, and are held to.",
            mixinStandardHelpOptions = true)
    int certificates(
            @Option(
                            names = "--forget",
                            paramLabel = "HOST",
                            description =
                                    "Forgets that of a host, as users call it: the next one is shown to a"
                                            + " user again. Compare it with the host's own first.")
                    @Nullable String host,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    if (host != null) {
                        JsonNode answer =
                                control.ask("DELETE", CERTIFICATES + "/" + encoded(host), null);
                        print(
                                spec,
                                options,
                                answer,
                                "The certificate of " + host + " is forgotten.");
                        return;
                    }
                    JsonNode all = control.ask("GET", CERTIFICATES, null);
                    if (options.isJson()) {
                        Printed.json(out(spec), all);
                        return;
                    }
                    List<List<String>> rows = new ArrayList<>();
                    for (JsonNode kept : all.path("certificates")) {
                        rows.add(texts(kept, "host", "fingerprint", "subject", "until"));
                    }
                    Table.print(
                            out(spec), List.of("HOST", "CERTIFICATE", "SUBJECT", "UNTIL"), rows);
                });
    }

    /// `gateway desktop login set | list | remove`.
    @Command(
            name = "login",
            description = {
                "Logins that the edge signs in to hosts with, so that users need not know them.",
                "Passwords are encrypted at rest, and are never shown again."
            },
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND")
    static final class LoginCommand {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Command(
                name = "set",
                description = {
                    "Stores the login of an application, in place of one that is there.",
                    "The password is asked for, or read from standard input: one line."
                },
                mixinStandardHelpOptions = true)
        int set(
                @Parameters(paramLabel = "APPLICATION", description = "Name in the rules.")
                        String application,
                @Option(
                                names = "--user",
                                defaultValue = "",
                                paramLabel = "NAME",
                                description = "On the host; VNC has none.")
                        String user,
                @Option(
                                names = "--domain",
                                defaultValue = "",
                                paramLabel = "NAME",
                                description = "Of Windows accounts.")
                        String domain,
                @Mixin StateOptions options) {
            return options.run(
                    spec,
                    control -> {
                        JsonNode answer =
                                control.ask(
                                        "POST",
                                        LOGINS,
                                        TunnelControl.object()
                                                .put("application", application)
                                                .put("user", user)
                                                .put("domain", domain)
                                                .put("password", password()));
                        print(
                                spec,
                                options,
                                answer,
                                "Users of "
                                        + application
                                        + " are signed in by the edge from now on.");
                    });
        }

        private static String password() throws StateException {
            Console console = System.console();
            if (console != null && console.isTerminal()) {
                char[] typed = console.readPassword("Password: ");
                return typed == null ? "" : new String(typed);
            }
            try {
                String line =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                                .readLine();
                if (line != null) {
                    return line;
                }
            } catch (IOException e) {
                // Said below.
            }
            throw new StateException(
                    StateException.Code.INVALID,
                    "standard input: nothing (expected: the password, one line)",
                    "for example: gateway desktop login set APPLICATION --user NAME < FILE");
        }

        @Command(
                name = "list",
                description = "Lists whose logins are stored, without their passwords.",
                mixinStandardHelpOptions = true)
        int list(@Mixin StateOptions options) {
            return options.run(
                    spec,
                    control -> {
                        JsonNode all = control.ask("GET", LOGINS, null);
                        if (options.isJson()) {
                            Printed.json(out(spec), all);
                            return;
                        }
                        List<List<String>> rows = new ArrayList<>();
                        for (JsonNode login : all.path("logins")) {
                            rows.add(texts(login, "application", "user", "domain"));
                        }
                        Table.print(out(spec), List.of("APPLICATION", "USER", "DOMAIN"), rows);
                    });
        }

        @Command(
                name = "remove",
                description = "Forgets a stored login: users sign in themselves again.",
                mixinStandardHelpOptions = true)
        int remove(
                @Parameters(paramLabel = "APPLICATION", description = "Name in the rules.")
                        String application,
                @Mixin StateOptions options) {
            return options.run(
                    spec,
                    control ->
                            print(
                                    spec,
                                    options,
                                    control.ask(
                                            "DELETE", LOGINS + "/" + encoded(application), null),
                                    "Users of "
                                            + application
                                            + " sign in themselves from now on."));
        }
    }

    private static void print(
            CommandSpec spec, StateOptions options, JsonNode answer, String sentence) {
        if (options.isJson()) {
            Printed.json(out(spec), answer);
        } else {
            out(spec).println(sentence);
        }
    }

    private static List<String> texts(JsonNode of, String... fields) {
        List<String> texts = new ArrayList<>();
        for (String field : fields) {
            texts.add(of.path(field).asString(""));
        }
        return texts;
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static PrintWriter out(CommandSpec spec) {
        return spec.commandLine().getOut();
    }
}
