package dev.culvert.edge.command;

import dev.culvert.edge.admin.TunnelControl;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `gateway user list | invite | reset | disable | enable | admin | delete`.
@Command(
        name = "user",
        description = "Invites people, and takes their accounts away.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class UserCommand {
    private static final String USER = "E-mail address or id.";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(name = "list", description = "Lists users.", mixinStandardHelpOptions = true)
    int list(@Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    JsonNode users = control.ask("GET", "users", null).path("users");
                    if (options.isJson()) {
                        Printed.json(out(), users);
                        return;
                    }
                    List<List<String>> rows = new ArrayList<>();
                    for (JsonNode user : users) {
                        rows.add(
                                List.of(
                                        user.path("email").asString(""),
                                        user.path("name").asString(""),
                                        user.path("admin").asBoolean(false) ? "admin" : "",
                                        user.path("standing").asString(""),
                                        user.path("totp").asBoolean(false) ? "yes" : "",
                                        user.path("createdAt").asString("")));
                    }
                    Table.print(
                            out(),
                            List.of("EMAIL", "NAME", "ROLE", "STANDING", "TOTP", "CREATED"),
                            rows);
                });
    }

    @Command(
            name = "invite",
            description = "Makes a user, and prints the link by which they choose a password.",
            mixinStandardHelpOptions = true)
    int invite(
            @Parameters(paramLabel = "EMAIL", description = "E-mail address.") String email,
            @Option(names = "--name", paramLabel = "NAME", description = "To be shown.")
                    String name,
            @Option(names = "--admin", description = "May administer the edge.") boolean admin,
            @Mixin StateOptions options) {
        return options.runOrBegin(
                spec,
                control ->
                        link(
                                options,
                                control.ask(
                                        "POST",
                                        "users",
                                        TunnelControl.object()
                                                .put("email", email)
                                                .put("name", name)
                                                .put("admin", admin)),
                                "Invited"));
    }

    @Command(
            name = "reset",
            description = "Prints a link by which a user chooses another password.",
            mixinStandardHelpOptions = true)
    int reset(
            @Parameters(paramLabel = "USER", description = USER) String user,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control ->
                        link(
                                options,
                                control.ask("POST", at(user, "/reset"), TunnelControl.object()),
                                "Link for a new password of"));
    }

    private void link(StateOptions options, JsonNode user, String what) {
        if (options.isJson()) {
            Printed.json(out(), user);
            return;
        }
        out().println(
                        what
                                + " "
                                + user.path("email").asString("")
                                + ". The link works once, until "
                                + user.path("linkExpiresAt").asString("")
                                + ", and is a secret:");
        out().println();
        out().println("  " + user.path("link").asString(""));
        if (user.path("link").asString("").startsWith("https://AUTH_HOST/")) {
            out().println();
            out().println("No edge runs: put the auth_host of its configuration for AUTH_HOST.");
        }
    }

    @Command(
            name = "disable",
            description = "Ends the user's sessions; nobody signs in as them until enabled.",
            mixinStandardHelpOptions = true)
    int disable(
            @Parameters(paramLabel = "USER", description = USER) String user,
            @Mixin StateOptions options) {
        return change(options, user, "/disable", "disabled; its sessions are over.");
    }

    @Command(
            name = "enable",
            description = "Lets a disabled user sign in again.",
            mixinStandardHelpOptions = true)
    int enable(
            @Parameters(paramLabel = "USER", description = USER) String user,
            @Mixin StateOptions options) {
        return change(options, user, "/enable", "enabled.");
    }

    private int change(StateOptions options, String user, String path, String what) {
        return options.run(
                spec,
                control ->
                        say(
                                options,
                                control.ask("POST", at(user, path), TunnelControl.object()),
                                "User " + user + " " + what));
    }

    @Command(
            name = "admin",
            description = "Makes a user an admin, or with --remove no longer one.",
            mixinStandardHelpOptions = true)
    int admin(
            @Parameters(paramLabel = "USER", description = USER) String user,
            @Option(names = "--remove", description = "No longer.") boolean remove,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control ->
                        say(
                                options,
                                control.ask(
                                        "POST",
                                        at(user, "/admin"),
                                        TunnelControl.object().put("admin", !remove)),
                                "User "
                                        + user
                                        + (remove ? " is no longer" : " is")
                                        + " an admin."));
    }

    @Command(
            name = "delete",
            description = "Deletes a user; its sessions are over.",
            mixinStandardHelpOptions = true)
    int delete(
            @Parameters(paramLabel = "USER", description = USER) String user,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    control.ask("DELETE", at(user, ""), null);
                    say(options, Map.of("deleted", user), "User " + user + " deleted.");
                });
    }

    private static String at(String user, String rest) {
        return "users/" + TunnelControl.segment(user) + rest;
    }

    private void say(StateOptions options, Object json, String text) {
        if (options.isJson()) {
            Printed.json(out(), json);
        } else {
            out().println(text);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
