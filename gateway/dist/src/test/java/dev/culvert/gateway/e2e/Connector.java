package dev.culvert.gateway.e2e;

import java.nio.file.Path;

/// A running `gateway connector run`. Used by one thread.
final class Connector {
    final Program program;
    private int metricsPort;

    private Connector(Program program) {
        this.program = program;
    }

    /// Starts a connector and waits until it is registered.
    ///
    /// @param ingress the configuration file from `ingress:` on
    static Connector start(Edge edge, String token, String ingress, Object... options)
            throws Exception {
        Path config =
                Scratch.write(
                        edge.programs.freshDirectory("connector").resolve("config.yml"), ingress);
        return of(edge, token, config, options);
    }

    /// Starts a connector with a file that is there, and waits until it is registered.
    static Connector of(Edge edge, String token, Path config, Object... options) throws Exception {
        return of(edge, command(edge, token, config).and(options));
    }

    /// Starts a connector without a file; the edge sends it its rules.
    static Connector withoutRules(Edge edge, String token) throws Exception {
        return of(edge, command(edge, token));
    }

    private static Connector of(Edge edge, Command command) throws Exception {
        Connector connector = new Connector(edge.programs.start(command));
        connector.awaitRegistration();
        return connector;
    }

    static Command command(Edge edge, String token, Path config) {
        return command(edge, token).and("--config", config);
    }

    private static Command command(Edge edge, String token) {
        return Command.gateway(
                        "connector",
                        "run",
                        "--edge",
                        "127.0.0.1:" + edge.tunnelPort,
                        "--cacert",
                        edge.authority(),
                        "--metrics",
                        "127.0.0.1:0")
                // Not an argument: other users, and the logs of these tests, show those.
                .with("TUNNEL_TOKEN", token);
    }

    void awaitRegistration() throws Exception {
        program.await("Registered tunnel connection");
        metricsPort = Integer.parseInt(program.await("metrics\\W+http://\\S*?:(\\d+)").group(1));
    }

    int metricsPort() {
        return metricsPort;
    }

    /// How often it has registered a connection so far.
    long registrations() throws Exception {
        return program.stderr()
                .lines()
                .filter(line -> line.contains("Registered tunnel connection"))
                .count();
    }

    /// `/ready`, `/healthz` or `/metrics`; empty when nothing answers.
    String own(String path) throws Exception {
        return Status.of(metricsPort, path);
    }
}
