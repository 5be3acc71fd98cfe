package dev.culvert.gateway.demo;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.connector.ConnectorProcess;
import dev.culvert.connector.config.ConnectorOptions;
import dev.culvert.edge.AccessConfig;
import dev.culvert.edge.EdgeAccess;
import dev.culvert.edge.EdgeConfig;
import dev.culvert.edge.EdgeServer;
import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.certificates.BadCertificateException;
import dev.culvert.edge.front.PublicLimits;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.GuacdSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Everything the demo runs: sample services, an edge, a connector that joins them by its own tunnel.
/// Files (state, keys, the connector's `config.yml`) stay in one directory, so that the certificate
/// authority is the same the next time.
///
/// Used by one thread; start and close are blocking.
public final class Demo implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Demo.class);
    private static final String TUNNEL = "demo";
    private static final String PRIVATE = "private.localhost";
    private static final String TERMINAL = "terminal.localhost";
    private static final String MACHINE = "demo";
    private static final String USER = System.getProperty("user.name");
    private static final String RULES =
            """
            applications:
              - name: Private page
                domains: [private.localhost]
                policies:
                  - {name: the demo's machine, decision: service_auth, include: [{service_token: demo}]}
                  - {name: whoever signs in, decision: allow, include: [{everyone: {}}]}
              - name: Terminal
                domains: [terminal.localhost]
                kind: ssh
                browser: true
                policies:
                  - name: whoever signs in
                    decision: allow
                    include: [{everyone: {}}]
                    ssh: {principals: ["%s"], allow: [shell, exec, sftp, env, local_forward]}
            """
                    .formatted(USER);

    private static final Duration REGISTER_WITHIN = Duration.ofSeconds(20);
    private static final int PUBLIC_PORT = 8443;
    private static final int TUNNEL_PORT = 7844;
    private static final int SSH_PORT = 2222;
    private static final String BY = "demo";
    private static final JsonMapper JSON = new JsonMapper();

    private static final GuacdSettings GUACD =
            new GuacdSettings("127.0.0.1", 4822, false, null, null, null);

    private final Path directory;
    private final @Nullable RdpHost rdp;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<Example> examples = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    /// A line to try.
    ///
    /// @param what one line on what it shows
    /// @param command as typed
    public record Example(String what, String command) {}

    /// An address to open.
    ///
    /// @param what one line on what it shows
    public record Link(String what, String url) {}

    private Demo(Path directory, @Nullable RdpHost rdp) {
        this.directory = directory;
        this.rdp = rdp;
    }

    /// @param directory made when missing
    /// @param access path of the `access` program, for the lines to try
    /// @param version told to the edge
    /// @param rdp shown in a browser, null for none
    public static Demo start(Path directory, String access, String version, @Nullable RdpHost rdp)
            throws IOException,
                    StateException,
                    BadCertificateException,
                    InvalidConfigException,
                    InterruptedException {
        Demo demo = new Demo(directory.toAbsolutePath().normalize(), rdp);
        try {
            demo.open(access, version);
            return demo;
        } catch (Exception e) {
            demo.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private void open(String access, String version)
            throws IOException,
                    StateException,
                    BadCertificateException,
                    InvalidConfigException,
                    InterruptedException {
        Files.createDirectories(directory);
        EchoHost echo = opened(EchoHost.start());
        EdgeServer edge =
                opened(
                        EdgeServer.start(
                                new EdgeConfig(
                                        directory.resolve("state"),
                                        null,
                                        loopback(freePort(PUBLIC_PORT)),
                                        loopback(freePort(TUNNEL_PORT)),
                                        true,
                                        loopback(0),
                                        List.of(),
                                        List.of(),
                                        "demo",
                                        Duration.ofSeconds(2),
                                        EdgeConfig.DEFAULT_MAX_STREAMS,
                                        PublicLimits.DEFAULT,
                                        access(loopback(freePort(SSH_PORT))))));
        String token = publish(edge.state());
        EdgeAccess gate = Objects.requireNonNull(edge.access());
        ServiceTokens.Made machine = protect(gate);
        SshHost ssh = opened(SshHost.start(directory, "ssh.localhost", authorities(edge)));
        Path config = writeConfig(ssh.port(), echo.port());
        Path ca = edge.authority().certificateFile();

        ConnectorOptions options = new ConnectorOptions();
        new CommandLine(options)
                .parseArgs(
                        "--config",
                        config.toString(),
                        "--edge",
                        "127.0.0.1:" + edge.tunnelAddress().getPort(),
                        "--cacert",
                        ca.toString(),
                        "--no-prechecks",
                        "--metrics",
                        "127.0.0.1:0",
                        "--grace-period",
                        "2s",
                        "--token",
                        token);
        ConnectorProcess connector =
                opened(ConnectorProcess.start(options.load(Map.of(), null), version));
        awaitRegistration(connector);
        describe(access, edge, ca, ssh);
        describe(gate, machine, edge, ca);
        describeTerminal(edge);
        describeDesktop(access, edge, ca);
    }

    private static AccessConfig access(InetSocketAddress sshListen) {
        return AccessConfig.of("auth.localhost").withSsh(sshListen).withGuacd(GUACD);
    }

    /// The keys that sign users' certificates, one a line.
    private static String authorities(EdgeServer edge) throws StateException {
        JsonNode all = JSON.readTree(edge.plugins().admin("ssh", "GET", "authorities", "{}"));
        return all.path("user")
                .valueStream()
                .map(key -> key.path("key").asString() + "\n")
                .collect(Collectors.joining());
    }

    private String publish(State state) throws StateException {
        if (state.listTunnels().stream().noneMatch(tunnel -> tunnel.name().equals(TUNNEL))) {
            state.createTunnel(TUNNEL);
        }
        publish(state, true, List.of("hello.localhost", "ssh.localhost", "echo.localhost"));
        publish(state, false, List.of(PRIVATE, TERMINAL));
        if (rdp != null) {
            publish(state, false, List.of(RdpHost.BUILT_IN, RdpHost.GUACD));
        }
        return state.token(TUNNEL);
    }

    private static void publish(State state, boolean isPublic, List<String> hosts)
            throws StateException {
        for (String host : hosts) {
            if (state.listRoutes().stream().noneMatch(route -> route.hostname().equals(host))) {
                state.addRoute(host, TUNNEL, isPublic);
            }
        }
    }

    /// Rules for the closed hosts, unless somebody has tried others, and a service token for it.
    private ServiceTokens.Made protect(EdgeAccess gate) throws StateException {
        String wanted = rdp == null ? RULES : RULES + RdpHost.applications();
        RulesInForce.Applied applied = gate.rules().applied();
        if (applied == null
                || (applied.changedBy().equals(BY) && !applied.document().equals(wanted))) {
            gate.rules().apply(wanted, BY);
        }
        boolean known =
                gate.serviceTokens().list().stream().anyMatch(t -> t.name().equals(MACHINE));
        return known
                ? gate.serviceTokens().rotate(MACHINE, Duration.ZERO, null)
                : gate.serviceTokens().create(MACHINE, null);
    }

    private Path writeConfig(int sshPort, int echoPort) throws IOException {
        Path config = directory.resolve("config.yml");
        Files.writeString(
                config,
                """
                # Written anew at each start of the demo.
                ingress:
                  - hostname: hello.localhost
                    service: hello_world
                  - hostname: private.localhost
                    service: hello_world
                  - hostname: ssh.localhost
                    service: ssh://127.0.0.1:%1$d
                  - hostname: terminal.localhost
                    service: ssh://127.0.0.1:%1$d
                  - hostname: echo.localhost
                    service: tcp://127.0.0.1:%2$d
                %3$s  - service: http_status:404
                """
                        .formatted(sshPort, echoPort, rdp == null ? "" : rdp.ingress()));
        return config;
    }

    private static void awaitRegistration(ConnectorProcess connector)
            throws IOException, InterruptedException {
        try {
            connector
                    .connector()
                    .firstRegistered()
                    .get(REGISTER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "the demo's connector did not reach its edge within "
                            + REGISTER_WITHIN.toSeconds()
                            + " s",
                    e);
        }
    }

    private void describe(String access, EdgeServer edge, Path ca, SshHost ssh) {
        String port = ":" + edge.publicAddress().getPort();
        String client = quoted(access);
        String trust = " --cacert " + quoted(ca.toString());
        examples.add(
                new Example(
                        "a web page through edge and tunnel (in a browser: https://hello.localhost"
                                + port
                                + "/)",
                        "curl" + trust + " https://hello.localhost" + port + "/"));
        examples.add(
                new Example(
                        "its log of its own requests, live (Ctrl-C ends it)",
                        "curl -N" + trust + " https://hello.localhost" + port + "/events"));
        examples.add(
                new Example(
                        "an SSH host that has no public address",
                        "ssh -i "
                                + quoted(ssh.key().toString())
                                + " -o IdentitiesOnly=yes -o UserKnownHostsFile="
                                + quoted(ssh.knownHosts().toString())
                                + " -o ProxyCommand="
                                + quoted(client + " ssh --hostname ssh.localhost" + port + trust)
                                + " "
                                + USER
                                + "@ssh.localhost uname -a"));
        examples.add(
                new Example(
                        "a TCP service",
                        "printf 'hello\\n' | "
                                + client
                                + " tcp --hostname echo.localhost"
                                + port
                                + trust));
        examples.add(
                new Example(
                        "a name that nobody published",
                        "curl" + trust + " https://nothing.localhost" + port + "/"));
    }

    private void describe(EdgeAccess gate, ServiceTokens.Made machine, EdgeServer edge, Path ca)
            throws StateException {
        String url = "https://" + PRIVATE + ":" + edge.publicAddress().getPort() + "/";
        String trust = " --cacert " + quoted(ca.toString());
        gate.firstAdminLink()
                .ifPresent(link ->
                        links.add(
                                new Link("become the administrator, once, within 24 hours", link)));
        links.add(new Link("an application behind sign-in", url));
        examples.add(
                new Example(
                        "the same application by a program that has a service token",
                        "curl"
                                + trust
                                + " -H 'CF-Access-Client-Id: "
                                + machine.token().id()
                                + "' -H 'CF-Access-Client-Secret: "
                                + machine.secret()
                                + "' "
                                + url));
    }

    private void describeTerminal(EdgeServer edge) {
        links.add(
                new Link(
                        "a terminal in the browser, recorded",
                        "https://" + TERMINAL + ":" + edge.publicAddress().getPort() + "/"));
        examples.add(
                new Example(
                        "the same host through the SSH gateway, recorded too: shows where to sign in",
                        "ssh -p "
                                + edge.sshPort()
                                + " -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile="
                                + quoted(directory.resolve("known_gateway").toString())
                                + " "
                                + USER
                                + "%"
                                + TERMINAL
                                + "@127.0.0.1"));
    }

    private void describeDesktop(String access, EdgeServer edge, Path ca) {
        if (rdp == null) {
            return;
        }
        String port = ":" + edge.publicAddress().getPort();
        links.add(
                new Link(
                        "a remote desktop in the browser, with nothing else to run",
                        "https://" + RdpHost.BUILT_IN + port + "/"));
        links.add(
                new Link(
                        "the same through guacd on port 4822, recorded; without one the page says how to start it",
                        "https://" + RdpHost.GUACD + port + "/"));
        examples.add(
                new Example(
                        "the same desktop for a program such as xfreerdp or mstsc, at localhost:13389",
                        quoted(access)
                                + " rdp --hostname "
                                + RdpHost.BUILT_IN
                                + port
                                + " --url localhost:13389 --cacert "
                                + quoted(ca.toString())));
    }

    /// Addresses for a browser that trusts the demo's certificate authority.
    public List<Link> links() {
        return List.copyOf(links);
    }

    /// In single quotes when the shell would read it otherwise.
    static String quoted(String text) {
        boolean plain =
                !text.isEmpty()
                        && text.chars()
                                .allMatch(c ->
                                        Character.isLetterOrDigit(c)
                                                || "/._-:=@%+,".indexOf(c) >= 0);
        return plain ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /// Lines to try, in order.
    public List<Example> examples() {
        return List.copyOf(examples);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// The usual port if nobody has it, else any.
    private static int freePort(int usual) {
        try (ServerSocket probe = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            @Nullable AutoCloseable next = opened.pop();
            try {
                if (next instanceof ConnectorProcess connector) {
                    connector.drain();
                }
                next.close();
            } catch (Exception e) {
                log.warn("Something did not close properly", e);
            }
        }
    }
}
