package dev.culvert.gateway.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Edge, connector and, when asked for, `access tcp --url`, all fresh; stopped by [#close]. Confined to
/// one thread.
final class Stage implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Site site;
    private final Path rules;
    private final int connections;
    private final Map<String, String> edgeOptions;
    private final List<String> edgeArguments;
    private final Map<String, String> connectorOptions;
    private final int publicPort = freePort();
    private final int tunnelPort = freePort();
    private final List<Program> access = new ArrayList<>();
    private Program edge;
    private Program connector;

    /// @param connections of the connector to the edge
    /// @param edgeJvm flags, may be empty
    /// @param connectorJvm flags, may be empty
    Stage(Site site, Path rules, int connections, String edgeJvm, String connectorJvm)
            throws IOException, InterruptedException {
        this(site, rules, connections, edgeJvm, connectorJvm, List.of());
    }

    /// @param edgeArguments beside the usual ones
    Stage(
            Site site,
            Path rules,
            int connections,
            String edgeJvm,
            String connectorJvm,
            List<String> edgeArguments)
            throws IOException, InterruptedException {
        this.site = site;
        this.edgeArguments = edgeArguments;
        this.rules = rules;
        this.connections = connections;
        this.edgeOptions = Map.of("CULVERT_JAVA_OPTS", edgeJvm);
        this.connectorOptions = Map.of("CULVERT_JAVA_OPTS", connectorJvm);
        edge = startEdge();
        connector = startConnector();
        awaitConnections();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private Program startEdge() throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                site.programs().resolve("gateway").toString(),
                                "edge",
                                "--state",
                                site.state().toString(),
                                "--listen",
                                "127.0.0.1:" + publicPort,
                                "--tunnel-listen",
                                "127.0.0.1:" + tunnelPort,
                                "--metrics",
                                "127.0.0.1:0",
                                "--grace-period",
                                "1s"));
        command.addAll(edgeArguments);
        Program started = Program.start("edge", site.directory(), edgeOptions, command);
        try {
            started.await("(Edge ready)", START);
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
        return started;
    }

    private Program startConnector() throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                site.programs().resolve("gateway").toString(),
                                "connector",
                                "run",
                                "--config",
                                rules.toString(),
                                "--cacert",
                                site.authority().toString(),
                                "--metrics",
                                "127.0.0.1:0",
                                "--grace-period",
                                "1s",
                                "--ha-connections",
                                "" + connections));
        for (int i = 0; i < connections; i++) {
            command.addAll(List.of("--edge", "127.0.0.1:" + tunnelPort));
        }
        var environment = new java.util.HashMap<>(connectorOptions);
        environment.put("TUNNEL_TOKEN", site.token());
        return Program.start("connector", site.directory(), environment, command);
    }

    /// A value of the edge's metrics.
    double edgeMetric(String name) throws IOException, InterruptedException {
        return metric(edge.await("metrics=http://(\\S+)", START), name);
    }

    double connectorMetric(String name) throws IOException, InterruptedException {
        return metric(connector.await("metrics=\\S*?/?(127\\.0\\.0\\.1:\\d+)", START), name);
    }

    private static double metric(String address, String name) throws IOException {
        var page = java.net.URI.create("http://" + address + "/metrics").toURL();
        try (var in = page.openStream()) {
            for (String line : new String(in.readAllBytes()).split("\n")) {
                if (line.startsWith(name + " ")) {
                    return Double.parseDouble(line.substring(name.length() + 1));
                }
            }
        }
        throw new IOException("no metric " + name);
    }

    /// Waits until the connector that runs now has all its connections.
    void awaitConnections() throws IOException, InterruptedException {
        for (int i = 0; i < connections; i++) {
            connector.await("(Registered tunnel connection connIndex=" + i + ")", START);
        }
    }

    /// @return the local port
    int access(String hostname) throws IOException, InterruptedException {
        Program started =
                Program.start(
                        "access",
                        site.directory(),
                        Map.of("CULVERT_JAVA_OPTS", System.getProperty("soak.access", "")),
                        List.of(
                                site.programs().resolve("access").toString(),
                                "tcp",
                                "--hostname",
                                hostname + ":" + publicPort,
                                "--cacert",
                                site.authority().toString(),
                                "--url",
                                "127.0.0.1:0"));
        access.add(started);
        return Integer.parseInt(started.await("listening on 127\\.0\\.0\\.1:(\\d+)", START));
    }

    Program edge() {
        return edge;
    }

    Program connector() {
        return connector;
    }

    Program accessProgram() {
        return access.getLast();
    }

    int publicPort() {
        return publicPort;
    }

    Path authority() {
        return site.authority();
    }

    void killEdge() throws InterruptedException {
        edge.kill();
    }

    void restartEdge() throws IOException, InterruptedException {
        edge = startEdge();
    }

    void killConnector() throws InterruptedException {
        connector.kill();
    }

    void restartConnector() throws IOException {
        connector = startConnector();
    }

    @Override
    public void close() {
        for (Program program : access) {
            program.close();
        }
        connector.close();
        edge.close();
    }
}
