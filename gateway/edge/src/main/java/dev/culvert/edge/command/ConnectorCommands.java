package dev.culvert.edge.command;

import dev.culvert.edge.state.TunnelSummary;
import java.io.PrintWriter;
import java.nio.file.Path;

/// What to run beside the services once a tunnel is there.
///
/// One `--edge` is enough for both. cloudflared opens at most as many connections as it is given
/// addresses, so what is printed says how to get four.
final class ConnectorCommands {
    private ConnectorCommands() {}

    static void print(
            PrintWriter out, TunnelSummary tunnel, String token, String edge, Path authority) {
        out.println("Tunnel " + tunnel.name() + " created, id " + tunnel.id());
        out.println();
        out.println("Beside your services, with " + authority + " copied there as ca.pem");
        out.println(
                "(made when the edge first starts), run either of these. The token is a secret.");
        out.println();
        out.println("  gateway connector run --edge " + edge + " --cacert ca.pem --token " + token);
        out.println();
        out.println(
                "  cloudflared tunnel --no-autoupdate --edge "
                        + edge
                        + " --cacert ca.pem run --token "
                        + token);
        out.println();
        out.println("cloudflared makes one connection for each --edge: given four times, the same");
        out.println("address gives four. Without UDP to the edge it needs --protocol http2.");
        out.println();
        out.println("Then lead a hostname to it: gateway route add HOSTNAME " + tunnel.name());
    }
}
