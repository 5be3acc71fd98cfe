package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/// A running `gateway edge`, and the commands on its state. Used by one thread.
final class Edge {
    final Programs programs;
    final Program program;
    final Path state;
    final int publicPort;
    final int tunnelPort;
    final int metricsPort;

    private Edge(Programs programs, Program program, Path state, Matcher ready) {
        this.programs = programs;
        this.program = program;
        this.state = state;
        this.publicPort = Integer.parseInt(ready.group(1));
        this.tunnelPort = Integer.parseInt(ready.group(2));
        this.metricsPort = Integer.parseInt(ready.group(3));
    }

    /// Starts an edge on free ports of loopback.
    static Edge start(Programs programs, Path state, Object... options) throws Exception {
        return startOn(programs, state, 0, 0, options);
    }

    /// Starts it anew on the same state and ports, after its program has ended.
    Edge startAgain(Object... options) throws Exception {
        return startOn(programs, state, publicPort, tunnelPort, options);
    }

    static Command command(Path state, int publicPort, int tunnelPort, Object... options) {
        return Command.gateway(
                        "edge",
                        "--state",
                        state,
                        "--listen",
                        "127.0.0.1:" + publicPort,
                        "--tunnel-listen",
                        "127.0.0.1:" + tunnelPort,
                        "--metrics",
                        "127.0.0.1:0",
                        "--loglevel",
                        "debug")
                .and(options);
    }

    private static Edge startOn(
            Programs programs, Path state, int publicPort, int tunnelPort, Object... options)
            throws Exception {
        Program program = programs.start(command(state, publicPort, tunnelPort, options));
        Matcher ready =
                program.await(
                        "Edge ready public=127.0.0.1:(\\d+) tunnels=127.0.0.1:(\\d+)"
                                + " metrics=http://127.0.0.1:(\\d+)");
        return new Edge(programs, program, state, ready);
    }

    Path authority() {
        return state.resolve("ca.pem");
    }

    /// `gateway …` on this edge's state.
    Finished gateway(Object... arguments) throws Exception {
        return gateway(programs, state, arguments);
    }

    static Finished gateway(Programs programs, Path state, Object... arguments) throws Exception {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--state", state));
        return programs.run(Command.gateway(all.toArray()));
    }

    /// Makes a tunnel and gives its token.
    String createTunnel(String name) throws Exception {
        AdminApi api = AdminApi.of(state);
        api.ask("POST", "tunnels", "{\"name\":\"%s\"}".formatted(name));
        return AdminApi.value("token", api.ask("GET", "tunnels/" + name + "/token", ""));
    }

    /// Leads a name to a tunnel, open to everybody.
    void publish(String hostname, String tunnel) throws Exception {
        AdminApi.of(state)
                .ask(
                        "POST",
                        "routes",
                        "{\"hostname\":\"%s\",\"tunnel\":\"%s\",\"public\":true}"
                                .formatted(hostname, tunnel));
    }

    /// Makes an account, whose password is chosen by the link of its invitation.
    void invite(String email, String name, String password) throws Exception {
        String user =
                AdminApi.of(state).ask("POST", "users", "{\"email\":\"%s\"}".formatted(email));
        Person invited =
                new Person(this)
                        .open(AdminApi.value("link", user))
                        .send("name=" + name, "password=" + password);
        assertThat(invited.sees()).contains(email).doesNotContain("role=\"alert\">");
    }

    /// curl to this edge's public side, trusting its authority. Names below `localhost` need no DNS.
    Command curl(Object... arguments) {
        return Command.of("curl", "-sS", "--max-time", "40", "--cacert", authority())
                .and(arguments);
    }

    String url(String host, String path) {
        return "https://" + host + ":" + publicPort + path;
    }

    /// Status of a page, without following anything.
    String status(String host, Object... options) throws Exception {
        return programs.run(
                        curl("-o", "/dev/null", "-w", "%{http_code}", url(host, "/")).and(options))
                .stdout();
    }

    /// `/ready`, `/healthz` or `/metrics`; empty when nothing answers.
    String own(String path) throws Exception {
        return Status.of(metricsPort, path);
    }

    /// `access KIND --hostname HOST:PORT --cacert …`
    Command access(String kind, String host, Object... options) {
        return Command.access(kind, "--hostname", host + ":" + publicPort, "--cacert", authority())
                .and(options);
    }
}
