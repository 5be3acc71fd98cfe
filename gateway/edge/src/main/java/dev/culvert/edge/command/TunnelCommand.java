package dev.culvert.edge.command;

import dev.culvert.edge.state.TunnelSummary;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gateway tunnel create | list | delete | rotate | token | configure | configuration`.
@Command(
        name = "tunnel",
        description = "Creates, lists, rotates and deletes tunnels.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConfigurationCommands.Configure.class, ConfigurationCommands.Show.class})
public final class TunnelCommand {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(name = "create", description = "Creates a tunnel.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "Name of the tunnel.") String name,
            @Option(
                            names = "--edge",
                            paramLabel = "HOST:PORT",
                            defaultValue = "EDGE:7844",
                            description =
                                    "Where connectors reach the edge, for the commands shown.")
                    String edge,
            @Mixin StateOptions options) {
        return options.runOrBegin(
                spec,
                control -> {
                    TunnelSummary tunnel = control.createTunnel(name);
                    String token = control.token(tunnel.id().toString());
                    if (options.isJson()) {
                        Map<String, Object> fields = Printed.of(tunnel);
                        fields.put("token", token);
                        Printed.json(out(), fields);
                        return;
                    }
                    ConnectorCommands.print(
                            out(), tunnel, token, edge, options.state().resolve("ca.pem"));
                });
    }

    @Command(name = "list", description = "Lists tunnels.", mixinStandardHelpOptions = true)
    int list(@Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    List<TunnelSummary> tunnels = control.listTunnels();
                    if (options.isJson()) {
                        Printed.json(out(), tunnels.stream().map(Printed::of).toList());
                        return;
                    }
                    Table.print(
                            out(),
                            List.of("ID", "NAME", "CREATED", "ROUTES", "RULES"),
                            tunnels.stream()
                                    .map(tunnel ->
                                            List.of(
                                                    tunnel.id().toString(),
                                                    tunnel.name(),
                                                    tunnel.createdAt().toString(),
                                                    Integer.toString(tunnel.routes()),
                                                    ConfigurationCommands.rules(tunnel)))
                                    .toList());
                });
    }

    @Command(
            name = "delete",
            description = "Deletes a tunnel; its connectors are cut off.",
            mixinStandardHelpOptions = true)
    int delete(
            @Parameters(paramLabel = "NAME", description = "Name or id.") String name,
            @Option(names = "--force", description = "With the routes that lead to it.")
                    boolean force,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    control.deleteTunnel(name, force);
                    say(options, Map.of("deleted", name), "Tunnel " + name + " deleted.");
                });
    }

    @Command(
            name = "rotate",
            description = "Replaces the secret; connectors need the new token.",
            mixinStandardHelpOptions = true)
    int rotate(
            @Parameters(paramLabel = "NAME", description = "Name or id.") String name,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    TunnelSummary tunnel = control.rotateTunnel(name);
                    say(
                            options,
                            Printed.of(tunnel),
                            "Secret of tunnel "
                                    + tunnel.name()
                                    + " replaced. Its connectors are cut off until they have the"
                                    + " new token: gateway tunnel token "
                                    + tunnel.name());
                });
    }

    @Command(
            name = "token",
            description = "Prints what a connector registers with. Keep it secret.",
            mixinStandardHelpOptions = true)
    int token(
            @Parameters(paramLabel = "NAME", description = "Name or id.") String name,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    String token = control.token(name);
                    say(options, Map.of("token", token), token);
                });
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void say(StateOptions options, Map<String, Object> json, String text) {
        if (options.isJson()) {
            Printed.json(out(), json);
        } else {
            out().println(text);
        }
    }
}
