package dev.culvert.bench.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// The shipped edge with the shipped connector or a stock cloudflared, four connections, state of its own. Confined to
/// one thread.
final class CulvertRelay implements Relay {
    private static final int CONNECTIONS = 4;
    private static final String AUTH_HOST = "auth.localhost";
    private static final String SSH_HOST = "shell.localhost";

    /// A cloudflared whose protocol the edge does not speak tries for minutes.
    private static final Duration CLOUDFLARED_START = Duration.ofSeconds(20);

    private final Ground ground;
    private final String name;
    private final Path state;
    private final int publicPort = Ground.freePort();
    private final int tunnelPort = Ground.freePort();
    private final int sshPort = Ground.freePort();
    private final List<Program> programs = new ArrayList<>();
    private final Map<Integer, Integer> sessions = new HashMap<>();
    private final String token;
    private final SSLContext trust;
    private final FirstUser user;
    private boolean signedUp;
    private boolean sshReady;
    private Optional<DesktopWay> desktops = Optional.empty();

    private CulvertRelay(Ground ground, String name) throws IOException, InterruptedException {
        this.ground = ground;
        this.name = name;
        state = ground.directory().resolve(name + ".state");
        user = new FirstUser(ground, name, authority());
        String created = gateway("tunnel", "create", "bench", "-o", "json");
        Matcher found = Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"").matcher(created);
        if (!found.find()) {
            throw new IOException("tunnel create gave no token");
        }
        token = found.group(1);
        gateway("route", "add", "*.localhost", "bench", "--public");
        gateway("route", "add", "localhost", "bench", "--public");
        gateway("route", "add", SSH_HOST, "bench");
        for (DesktopHosts.Host host : desktopHosts()) {
            gateway("route", "add", host.domain(), "bench");
        }
        Program edge =
                ground.start(
                        name + " edge",
                        ground.near(),
                        Map.of(),
                        List.of(
                                ground.tools().gateway(),
                                "edge",
                                "--state",
                                state.toString(),
                                "--config",
                                configuration().toString(),
                                "--listen",
                                "127.0.0.1:" + publicPort,
                                "--tunnel-listen",
                                ground.near().bind() + ":" + tunnelPort,
                                "--metrics",
                                "127.0.0.1:0",
                                "--grace-period",
                                "1s"));
        programs.add(edge);
        edge.await("(Edge ready)");
        trust = Endpoint.trusting(authority());
    }

    static Candidate.Offer start(Ground ground, String protocol, boolean cloudflared)
            throws IOException, InterruptedException {
        if (cloudflared && ground.tools().find("cloudflared").isEmpty()) {
            return new Candidate.NotAvailable(
                    "no cloudflared in PATH or CULVERT_BENCH_CLOUDFLARED");
        }
        CulvertRelay relay =
                new CulvertRelay(ground, (cloudflared ? "cloudflared-" : "culvert-") + protocol);
        try {
            String used =
                    cloudflared ? relay.startCloudflared(protocol) : relay.startConnector(protocol);
            if (!used.equals(protocol)) {
                relay.end();
                return new Candidate.NotAvailable("it registered over " + used);
            }
        } catch (IOException e) {
            relay.end();
            if (protocol.equals("quic")) {
                return new Candidate.NotAvailable(
                        "it did not register over quic: " + Failure.line(e));
            }
            throw e;
        }
        return new Candidate.Open(relay);
    }

    private Path authority() {
        return state.resolve("ca.pem");
    }

    private String gateway(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ground.tools().gateway()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--state", state.toString()));
        return ground.start("command", Place.HERE, Map.of(), command).output();
    }

    private List<DesktopHosts.Host> desktopHosts() {
        return ground.desktops().map(DesktopHosts::all).orElse(List.of());
    }

    /// The edge's: one host for those who are signed in, whose sessions are recorded, and desktops.
    private Path configuration() throws IOException {
        Path file = ground.directory().resolve(name + ".edge.yml");
        Optional<SshHost> host = ground.origins().ssh();
        String hostKeys = host.map(each -> "'" + each.hostKey() + "'").orElse("");
        Files.writeString(
                file,
                """
                auth_host: %s
                ssh_listen: %s:%d
                access:
                  applications:
                    - name: shell
                      kind: ssh
                      domains: [%s]
                      ssh: {recording: required, host_keys: [%s]}
                      policies:
                        - name: bench
                          decision: allow
                          include: [{email: %s}]
                          ssh: {principals: [%s]}
                """
                        .formatted(
                                AUTH_HOST,
                                ground.near().bind(),
                                sshPort,
                                SSH_HOST,
                                hostKeys,
                                FirstUser.EMAIL,
                                SshHost.LOGIN));
        if (ground.desktops().isPresent()) {
            Files.writeString(
                    file, desktopRules(ground.desktops().get()), StandardOpenOption.APPEND);
        }
        return file;
    }

    /// More applications, and guacd.
    private static String desktopRules(DesktopHosts desktops) {
        StringBuilder rules = new StringBuilder();
        for (DesktopHosts.Host host : desktops.all()) {
            rules.append(
                    """
                        - name: %s
                          kind: %s
                          domains: [%s]
                          browser: true
                          desktop: {engine: %s, clipboard: none, audio: false, sessions_per_user: %d}
                          policies: [{name: bench, decision: allow, include: [{email: %s}]}]
                    """
                            .formatted(
                                    host.name(),
                                    host.kind().protocol(),
                                    host.domain(),
                                    host.kind().engine(),
                                    host.sessions(),
                                    FirstUser.EMAIL));
        }
        return rules + "guacd: {address: '127.0.0.1:" + desktops.guacdPort() + "'}\n";
    }

    private Path rules() throws IOException {
        Path file = ground.directory().resolve(name + ".yml");
        Origins origins = ground.origins();
        StringBuilder desktops = new StringBuilder();
        for (DesktopHosts.Host host : desktopHosts()) {
            desktops.append(
                    "  - {hostname: %s, service: '%s'}\n".formatted(host.domain(), host.service()));
        }
        Files.writeString(
                file,
                """
                ingress:
                  - hostname: web.localhost
                    service: http://127.0.0.1:%d
                  - hostname: origin.localhost
                    service: http://127.0.0.1:%d
                  - hostname: echo.localhost
                    service: tcp://127.0.0.1:%d
                  - hostname: localhost
                    service: ssh://127.0.0.1:%d
                  - hostname: %s
                    service: ssh://127.0.0.1:%d
                %s  - service: http_status:404
                """
                        .formatted(
                                origins.webPort(),
                                origins.httpPort(),
                                origins.echoPort(),
                                origins.bannerPort(),
                                SSH_HOST,
                                origins.ssh().map(SshHost::port).orElse(origins.bannerPort()),
                                desktops));
        return file;
    }

    private List<String> tunnelOptions(String protocol) throws IOException {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--config",
                                rules().toString(),
                                "--cacert",
                                authority().toString(),
                                "--protocol",
                                protocol,
                                "--metrics",
                                "127.0.0.1:0",
                                "--grace-period",
                                "1s",
                                "--ha-connections",
                                "" + CONNECTIONS));
        for (int i = 0; i < CONNECTIONS; i++) {
            options.addAll(List.of("--edge", ground.near().address() + ":" + tunnelPort));
        }
        return options;
    }

    /// @return the protocol that is used
    private String startConnector(String protocol) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ground.tools().gateway(), "connector", "run"));
        command.addAll(tunnelOptions(protocol));
        return registered(command, Program.START);
    }

    private String startCloudflared(String protocol) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ground.tools().required("cloudflared"), "tunnel"));
        command.addAll(tunnelOptions(protocol));
        command.add("run");
        return registered(command, CLOUDFLARED_START);
    }

    private String registered(List<String> command, Duration within)
            throws IOException, InterruptedException {
        Program connector =
                ground.start(
                        name + " connector",
                        ground.far(),
                        Map.of(
                                "TUNNEL_TOKEN",
                                token,
                                "NO_AUTOUPDATE",
                                "true",
                                "TUNNEL_NO_PRECHECKS",
                                "true"),
                        command);
        programs.add(connector);
        String protocol = "";
        for (int i = 0; i < CONNECTIONS; i++) {
            protocol =
                    connector.await(
                            "Registered tunnel connection connIndex=%d .*protocol=(\\w+)"
                                    .formatted(i),
                            within);
        }
        return protocol;
    }

    private void end() {
        programs.reversed().forEach(Program::close);
    }

    private Endpoint endpoint(String host) {
        return new Endpoint("127.0.0.1", publicPort, host, trust);
    }

    @Override
    public Endpoint web() {
        return endpoint("web.localhost");
    }

    @Override
    public Endpoint origin() {
        return endpoint("origin.localhost");
    }

    @Override
    public OptionalInt echo(int session) throws IOException, InterruptedException {
        Integer port = sessions.get(session);
        if (port == null) {
            Program access =
                    ground.start(
                            name + " access " + session,
                            ground.near(),
                            Map.of(),
                            List.of(
                                    ground.tools().access(),
                                    "tcp",
                                    "--hostname",
                                    "echo.localhost:" + publicPort,
                                    "--cacert",
                                    authority().toString(),
                                    "--url",
                                    "127.0.0.1:0"));
            port = Integer.valueOf(access.await("listening on 127\\.0\\.0\\.1:(\\d+)"));
            programs.add(access);
            sessions.put(session, port);
        }
        return OptionalInt.of(port);
    }

    @Override
    public String echoWay() {
        return "access tcp, a program for each session";
    }

    @Override
    public List<Shell> shells() {
        List<Shell> shells = new ArrayList<>();
        String host = "localhost:" + publicPort;
        shells.add(
                new Shell(
                        "access",
                        List.of(
                                ground.tools().access(),
                                "ssh",
                                "--hostname",
                                host,
                                "--cacert",
                                authority().toString()),
                        Map.of("CULVERT_JAVA_HOME", System.getProperty("java.home"))));
        ground.tools()
                .find("cloudflared")
                .ifPresent(program ->
                        shells.add(
                                new Shell(
                                        "cloudflared",
                                        List.of(program, "access", "ssh", "--hostname", host),
                                        Map.of("SSL_CERT_FILE", authority().toString()))));
        return shells;
    }

    /// Through the edge's own SSH server.
    @Override
    public Optional<SshWay> ssh() throws IOException, InterruptedException {
        Optional<SshHost> host = ground.origins().ssh();
        if (host.isEmpty()) {
            return Optional.empty();
        }
        if (!sshReady) {
            signUp();
            host.get().trust(gateway("ssh", "ca"));
            host.get().know(gateway("ssh", "ca", "--known-hosts", AUTH_HOST));
            user.register("https://" + AUTH_HOST + ":" + publicPort, host.get().userKey());
            sshReady = true;
        }
        return Optional.of(
                host.get()
                        .way(
                                SshHost.LOGIN + "%" + SSH_HOST + "@" + ground.near().address(),
                                sshPort,
                                AUTH_HOST,
                                Optional.of(
                                        new SshWay.Recorded(
                                                state.resolve("recordings"),
                                                ground.tools().gateway()))));
    }

    private void signUp() throws IOException, InterruptedException {
        if (!signedUp) {
            user.signUp(programs.getFirst().await("link=(https://\\S+)"));
            signedUp = true;
        }
    }

    /// Signed in to each of them.
    @Override
    public Optional<DesktopWay> desktops() throws IOException, InterruptedException {
        if (desktops.isEmpty() && ground.desktops().isPresent()) {
            signUp();
            List<DesktopWay.Application> applications = new ArrayList<>();
            for (DesktopHosts.Host host : desktopHosts()) {
                Endpoint endpoint = endpoint(host.domain());
                applications.add(
                        new DesktopWay.Application(
                                host.kind(),
                                endpoint,
                                host.user(),
                                host.password(),
                                user.cookies(endpoint),
                                host.sessions()));
            }
            desktops =
                    Optional.of(
                            new DesktopWay(
                                    applications, authority(), ground.desktops().get().guacd()));
        }
        return desktops;
    }

    @Override
    public List<Program> programs() {
        return List.copyOf(programs);
    }
}
