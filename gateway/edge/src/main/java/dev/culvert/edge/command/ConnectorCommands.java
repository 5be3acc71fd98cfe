package dev.culvert.edge.command;

import dev.culvert.edge.state.TunnelSummary;
import java.io.PrintWriter;
import java.nio.file.Path;

/// What to run beside the services once a tunnel is there.
///
/// For cloudflared `--edge` is given four times, because it opens at most as many connections as it
/// has addresses, and HTTP/2 is chosen, because the edge does not speak QUIC yet.
final class ConnectorCommands {
    private ConnectorCommands() {}

    static void print(
            PrintWriter out, TunnelSummary tunnel, String token, String edge, Path authority) {
        String address = (" --edge " + edge).repeat(4).strip();
        out.println("Tunnel " + tunnel.name() + " created, id " + tunnel.id());
        out.println();
        out.println("Beside your services, with " + authority + " copied there as ca.pem");
        out.println(
                "(made when the edge first starts), run either of these. The token is a secret.");
        out.println();
        out.println("  gateway connector run --edge " + edge + " --cacert ca.pem --token " + token);
        out.println();
        out.println(
                "  cloudflared tunnel --no-autoupdate --protocol http2 "
                        + address
                        + " --cacert ca.pem run --token "
                        + token);
        out.println();
        out.println("Then lead a hostname to it: gateway route add HOSTNAME " + tunnel.name());
    }
}
