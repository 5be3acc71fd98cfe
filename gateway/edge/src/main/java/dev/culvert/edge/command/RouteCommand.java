package dev.culvert.edge.command;

import dev.culvert.edge.state.RouteSummary;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gateway route add | list | remove`.
@Command(
        name = "route",
        description = "Leads hostnames to tunnels.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class RouteCommand {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "add",
            description = "Leads a hostname to a tunnel.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(
                            paramLabel = "HOSTNAME",
                            description = "A host name, or *.suffix for everything below it.")
                    String hostname,
            @Parameters(paramLabel = "TUNNEL", description = "Name or id.") String tunnel,
            @Option(names = "--public", description = "Anybody may come in.") boolean isPublic,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    RouteSummary route = control.addRoute(hostname, tunnel, isPublic);
                    if (options.isJson()) {
                        Printed.json(out(), Printed.of(route));
                    } else {
                        out().println(
                                        "Route "
                                                + route.hostname()
                                                + " to tunnel "
                                                + route.tunnelName()
                                                + " added, "
                                                + Printed.access(route)
                                                + ".");
                    }
                    if (route.isClosed()) {
                        warnClosed(route);
                    }
                });
    }

    private void warnClosed(RouteSummary route) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                "gateway: warning: "
                        + route.hostname()
                        + " answers \"closed\" until an application allows who may come in");
        err.println("gateway: hint: to let anybody in, remove the route and add it with --public");
        err.flush();
    }

    @Command(name = "list", description = "Lists routes.", mixinStandardHelpOptions = true)
    int list(@Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    List<RouteSummary> routes = control.listRoutes();
                    if (options.isJson()) {
                        Printed.json(out(), routes.stream().map(Printed::of).toList());
                        return;
                    }
                    Table.print(
                            out(),
                            List.of("HOSTNAME", "TUNNEL", "ACCESS", "CREATED"),
                            routes.stream()
                                    .map(route ->
                                            List.of(
                                                    route.hostname(),
                                                    route.tunnelName(),
                                                    Printed.access(route),
                                                    route.createdAt().toString()))
                                    .toList());
                });
    }

    @Command(name = "remove", description = "Removes a route.", mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "HOSTNAME", description = "As listed.") String hostname,
            @Mixin StateOptions options) {
        return options.run(
                spec,
                control -> {
                    control.removeRoute(hostname);
                    if (options.isJson()) {
                        Printed.json(out(), Map.of("removed", hostname));
                    } else {
                        out().println("Route " + hostname + " removed.");
                    }
                });
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
