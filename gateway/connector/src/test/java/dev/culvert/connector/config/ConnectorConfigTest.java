package dev.culvert.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.config.ConfigProblem;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.connector.config.ConnectorConfig.LogLevel;
import dev.culvert.connector.config.ConnectorConfig.Tag;
import dev.culvert.connector.dial.EdgeSearch;
import dev.culvert.connector.dial.EdgeTarget;
import dev.culvert.connector.dial.IpVersion;
import dev.culvert.connector.link.Protocol;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConnectorConfigTest {
    private static final UUID TUNNEL = UUID.fromString("1b4e28ba-2fa1-11d2-883f-0016d3cca427");
    private static final UUID OTHER = UUID.fromString("2b4e28ba-2fa1-11d2-883f-0016d3cca427");

    @TempDir Path home;
    private final Map<String, String> environment = new HashMap<>();

    private static TunnelCredentials credentials(UUID tunnel) {
        return new TunnelCredentials("account", new byte[32], tunnel, null);
    }

    private static final String TOKEN = TunnelToken.format(credentials(TUNNEL));

    private ConnectorConfig load(String... arguments) throws InvalidConfigException {
        ConnectorOptions options = new ConnectorOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("c", mixin(options)))
                .parseArgs(arguments);
        environment.put("HOME", home.toString());
        return options.load(environment, null);
    }

    private static CommandLine.Model.CommandSpec mixin(ConnectorOptions options) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
    }

    private List<String> problems(String... arguments) {
        return catchThrowableOfType(InvalidConfigException.class, () -> load(arguments))
                .problems()
                .stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    private Path write(String name, String text) throws Exception {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void takesTheDefaultsOfCloudflared() throws Exception {
        try (ConnectorConfig config = load("--token", TOKEN, "--edge", "e:7844")) {
            assertThat(config.credentials().tunnelId()).isEqualTo(TUNNEL);
            assertThat(config.edge().addresses()).containsExactly(new HostPort("e", 7844));
            assertThat(config.edge().haConnections()).isEqualTo(4);
            assertThat(config.edge().retries()).isEqualTo(5);
            assertThat(config.edge().rpcTimeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(config.edge().caCert()).isNull();
            assertThat(config.gracePeriod()).isEqualTo(Duration.ofSeconds(30));
            assertThat(config.logLevel()).isEqualTo(LogLevel.INFO);
            assertThat(config.metrics()).isNull();
            assertThat(config.file()).isNull();
            assertThat(config.notes()).singleElement().asString().contains("no ingress rules");
            assertThat(config.toString()).doesNotContain(TOKEN);
        }
    }

    @Test
    void readsEverythingFromAFile() throws Exception {
        write("cred.json", credentials(TUNNEL).format());
        write(
                ".cloudflared/config.yaml",
                """
                tunnel: %s
                credentials-file: %s
                edge: ["a:1", "[::1]:2"]
                protocol: quic
                grace-period: 1m30s
                metrics: localhost:20241
                loglevel: debug
                retries: 3
                ha-connections: 2
                tag: [site=office, a=]
                no-autoupdate: true
                """
                        .formatted(TUNNEL, home.resolve("cred.json")));
        try (ConnectorConfig config = load()) {
            assertThat(config.edge().addresses())
                    .containsExactly(new HostPort("a", 1), new HostPort("::1", 2));
            assertThat(config.gracePeriod()).isEqualTo(Duration.ofSeconds(90));
            assertThat(config.metrics()).isEqualTo(new HostPort("localhost", 20241));
            assertThat(config.logLevel()).isEqualTo(LogLevel.DEBUG);
            assertThat(config.edge().retries()).isEqualTo(3);
            assertThat(config.edge().haConnections()).isEqualTo(2);
            assertThat(config.edge().protocol()).isEqualTo(Protocol.QUIC);
            assertThat(config.tags()).containsExactly(new Tag("site", "office"), new Tag("a", ""));
            assertThat(config.notes())
                    .anySatisfy(n -> assertThat(n).contains("no-autoupdate has no effect"));
        }
    }

    @Test
    void commandLineBeatsEnvironmentBeatsFile() throws Exception {
        Path file = write("c.yml", "edge: f:1\nretries: 2\nloglevel: warn\n");
        environment.put("TUNNEL_EDGE", "x:1,y:2");
        environment.put("TUNNEL_RETRIES", "3");
        environment.put("TUNNEL_TOKEN", TOKEN);
        try (ConnectorConfig config = load("--config", file.toString(), "--retries", "4")) {
            assertThat(config.edge().addresses())
                    .containsExactly(new HostPort("x", 1), new HostPort("y", 2));
            assertThat(config.edge().retries()).isEqualTo(4);
            assertThat(config.logLevel()).isEqualTo(LogLevel.WARN);
        }
    }

    @Test
    void looksForCredentialsInCloudflaredsOrder() throws Exception {
        environment.put("TUNNEL_EDGE", "e:1");
        write("cert/" + TUNNEL + ".json", credentials(TUNNEL).format());
        write("cert/" + OTHER + ".json", credentials(OTHER).format());
        Path token = write("token", TOKEN + "\n");
        String certificate = home.resolve("cert/cert.pem").toString();
        assertThat(problems(TUNNEL.toString()))
                .singleElement()
                .asString()
                .contains(".cloudflared")
                .contains("/etc/cloudflared");
        String[] byDirectory = {OTHER.toString(), "--origincert", certificate};
        try (ConnectorConfig config = load(byDirectory)) {
            assertThat(config.credentials().tunnelId()).isEqualTo(OTHER);
        }
        environment.put("TUNNEL_TOKEN_FILE", token.toString());
        try (ConnectorConfig config = load(byDirectory)) {
            assertThat(config.credentials().tunnelId()).isEqualTo(TUNNEL);
            assertThat(config.notes()).anySatisfy(n -> assertThat(n).contains("is ignored"));
        }
        environment.put("TUNNEL_TOKEN", TunnelToken.format(credentials(OTHER)));
        try (ConnectorConfig config = load()) {
            assertThat(config.credentials().tunnelId()).isEqualTo(OTHER);
        }
    }

    @ParameterizedTest
    @CsvSource({"a-name, is a name", "'', no tunnel to run"})
    void saysWhatIsMissingToRunATunnel(String tunnel, String problem) {
        String[] arguments = tunnel.isEmpty() ? new String[0] : new String[] {tunnel};
        environment.put("TUNNEL_EDGE", "e:1");
        assertThat(problems(arguments)).singleElement().asString().contains(problem);
    }

    @Test
    void neverShowsABadToken() {
        environment.put("TUNNEL_TOKEN", "c2VjcmV0IHRva2Vu");
        assertThat(problems("--edge", "e:1"))
                .singleElement()
                .asString()
                .startsWith("environment TUNNEL_TOKEN: ")
                .doesNotContain("c2Vj")
                .doesNotContain("secret token");
    }

    @Test
    void reportsTheProblemsOfEveryPlaceAtOnce() throws Exception {
        Path file =
                write(
                        "c.yml",
                        """
                        grace-period: 30
                        retrys: 3
                        cacert: /none.pem
                        warp-routing: {}
                        edge: nowhere
                        ingress: [{hostname: a.example.com, service: "xx://y"}]
                        """);
        environment.put("TUNNEL_LOGLEVEL", "loud");
        String prefix = file.toString();
        assertThat(problems("--config", prefix, "--ha-connections", "99", "--url", "http://a"))
                .containsExactlyInAnyOrder(
                        prefix
                                + ":1:15 grace-period: \"30\" has no unit"
                                + " (expected: a duration such as 30s)",
                        prefix + ":2:1 retrys: unknown key (did you mean \"retries\"?)",
                        prefix + ":3:9 cacert: \"/none.pem\" cannot be read (expected: a PEM file)",
                        prefix + ":4:1 warp-routing: not supported yet: private networks",
                        prefix
                                + ":5:7 edge: \"nowhere\""
                                + " (expected: HOST:PORT, such as edge.example.com:7844)",
                        prefix
                                + ":6:11 ingress[0]: the last rule must match everything (expected:"
                                + " one more rule without hostname and path, such as \"- service:"
                                + " http_status:404\")",
                        prefix
                                + ":6:46 ingress[0].service: \"xx://y\": unknown scheme (known: ;"
                                + " for any other byte stream write tcp://HOST:PORT)",
                        "environment TUNNEL_LOGLEVEL: \"loud\""
                                + " (expected: debug, error, fatal, info, warn)",
                        "command line --ha-connections: \"99\" (expected: 1 to 16)",
                        "command line --url: the configuration has ingress rules"
                                + " (expected: one of both)",
                        prefix
                                + ":1:1 tunnel: no tunnel to run (expected: --token, TUNNEL_TOKEN, or a"
                                + " tunnel's UUID and its credentials file)");
    }

    @Test
    void aFileThatWasAskedForMustExist() {
        assertThat(problems("--config", "/none.yml", "--token", TOKEN, "--edge", "e:1"))
                .containsExactly("/none.yml: no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--url=http://localhost:8000", "--hello-world", "--unix-socket=/run/a"})
    void reportsThePluginAServiceOfTheCommandLineNeeds(String option) {
        assertThat(problems(option, "--token", TOKEN, "--edge", "e:1"))
                .singleElement()
                .asString()
                .startsWith("command line " + option.replaceAll("=.*", ""))
                .contains("unknown scheme");
    }

    private OriginRequest single(String... arguments) {
        ConnectorOptions options = new ConnectorOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("c", mixin(options)))
                .parseArgs(arguments);
        environment.put("HOME", home.toString());
        return new ConnectorConfigReader(options, environment, null)
                .singleOriginRequest(OriginRequest.DEFAULT);
    }

    @Test
    void theOptionsOfASingleServiceReplaceTheDefaults() throws Exception {
        assertThat(single()).isEqualTo(OriginRequest.DEFAULT);
        OriginRequest expected =
                new OriginRequest(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        true,
                        4,
                        Duration.ofSeconds(5),
                        true,
                        true,
                        "inner",
                        "name",
                        true,
                        null,
                        true);
        assertThat(
                        single(
                                "--proxy-connect-timeout=1s",
                                "--proxy-tls-timeout=2s",
                                "--proxy-tcp-keepalive=3s",
                                "--proxy-no-happy-eyeballs",
                                "--proxy-keepalive-connections=4",
                                "--proxy-keepalive-timeout=5s",
                                "--no-chunked-encoding",
                                "--http2-origin",
                                "--http-host-header=inner",
                                "--origin-server-name=name",
                                "--match-sni-to-host",
                                "--no-tls-verify"))
                .isEqualTo(expected);
        Path file =
                write(
                        "c.yml",
                        """
                        proxy-connect-timeout: 1s
                        proxy-tls-timeout: 2s
                        proxy-tcp-keepalive: 3s
                        proxy-no-happy-eyeballs: true
                        proxy-keepalive-connections: 4
                        proxy-keepalive-timeout: 5s
                        http-host-header: inner
                        origin-server-name: name
                        match-sni-to-host: true
                        no-tls-verify: true
                        """);
        environment.put("TUNNEL_NO_CHUNKED_ENCODING", "true");
        environment.put("TUNNEL_ORIGIN_ENABLE_HTTP2", "true");
        assertThat(single("--config", file.toString())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "--proxy-connect-timeout, 30",
        "--proxy-tls-timeout, 0s",
        "--proxy-tcp-keepalive, 3h",
        "--proxy-keepalive-timeout, soon",
        "--proxy-keepalive-connections, -1"
    })
    void saysWhichOptionOfASingleServiceIsWrong(String option, String value) {
        assertThat(problems("--token", TOKEN, "--edge", "e:1", option + "=" + value))
                .singleElement()
                .asString()
                .startsWith("command line " + option + ": ");
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, http://a, /s, hello_world",
        "false, true, http://a, /s, bastion",
        "false, false, http://a, /s, http://a",
        "false, false, http://a:80/path?q, /s, http://a:80",
        "false, false, localhost:8000, /s, http://localhost:8000",
        "false, false, '[::1]:8000/x', /s, 'http://[::1]:8000'",
        "false, false, tcp://a:22, /s, tcp://a:22",
        "false, false, unix:/t, /s, unix:/t",
        "false, false, , /s, unix:/s"
    })
    void theFirstServiceOfTheFlagsIsUsed(
            boolean hello, boolean bastion, String url, String socket, String service) {
        assertThat(SingleService.of(hello, bastion, url, socket).service()).isEqualTo(service);
    }

    @Test
    void bastionOfTheEnvironmentBeatsTheUrlOfTheCommandLine() {
        environment.put("TUNNEL_BASTION", "true");
        assertThat(problems("--socks5", "--url", "tcp://a:1", "--token", TOKEN, "--edge", "e:1"))
                .singleElement()
                .asString()
                .startsWith("environment TUNNEL_BASTION: ")
                .contains("\"bastion\": unknown scheme");
    }

    /// Every key of cloudflared's is known: read, without effect, or refused with a reason.
    @Test
    void knowsEveryKeyOfCloudflared() throws Exception {
        String keys =
                """
                tunnel ingress originRequest warp-routing credentials-file credentials-contents token
                token-file protocol edge cacert loglevel logfile log-directory metrics retries
                grace-period no-autoupdate no-prechecks tag region origincert max-active-flows
                dns-resolver-addrs icmpv4-src forwarders logDirectory logLevel ha-connections
                max-edge-addr-retries rpc-timeout post-quantum features edge-ip-version
                edge-bind-address lb-pool heartbeat-interval heartbeat-count compression-quality
                use-reconnect-token dial-edge-timeout is-autoupdated id api-key api-email api-ca-key
                hello-world bastion url unix-socket http-host-header origin-server-name
                origin-ca-pool no-tls-verify no-chunked-encoding http2-origin socks5 output
                transport-loglevel autoupdate-freq metrics-update-freq pidfile label stdin-control
                management-hostname management-diagnostics
                proxy-connect-timeout proxy-tls-timeout proxy-tcp-keepalive
                proxy-no-happy-eyeballs proxy-keepalive-connections proxy-keepalive-timeout
                proxy-connection-timeout proxy-expect-continue-timeout match-sni-to-host
                """;
        StringBuilder yaml = new StringBuilder();
        for (String key : keys.split("\\s+")) {
            yaml.append(key).append(": {}\n");
        }
        Path file = write("c.yml", yaml.toString());
        assertThat(problems("--config", file.toString()))
                .isNotEmpty()
                .noneSatisfy(p -> assertThat(p).contains("unknown key"));
    }

    // ---- finding edges, and what the operator is told

    @Test
    void findsEdgesAsCloudflaredDoesByDefault() throws Exception {
        try (ConnectorConfig config = load("--token", TOKEN, "--edge", "e:7844")) {
            EdgeSearch search = config.search();
            assertThat(search.edges()).containsExactly(new EdgeTarget(0, 1, "e", 7844));
            assertThat(search.service()).isNull();
            assertThat(search.ipVersion()).isEqualTo(IpVersion.AUTO);
            assertThat(search.bind()).isNull();
            assertThat(search.proxy()).isNull();
            assertThat(config.operation())
                    .isEqualTo(
                            new ConnectorConfig.Operation(
                                    true, false, null, null, null, false, LogLevel.INFO, null));
        }
    }

    @Test
    void takesEdgesFromServiceRecords() throws Exception {
        write(
                ".cloudflared/config.yml",
                """
                edge-srv-domain: edges.example.com
                region: eu
                edge-ip-version: "6"
                edge-dns-server: 192.0.2.53
                post-quantum: true
                no-prechecks: true
                output: json
                loglevel: warn
                logfile: /var/log/connector.log
                log-directory: /var/log/connector
                """);
        environment.put("HTTPS_PROXY", "http://me:hunter2@proxy.test:3128");
        try (ConnectorConfig config = load("--token", TOKEN)) {
            assertThat(config.search().service())
                    .isEqualTo("_eu-v2-origintunneld._tcp.edges.example.com");
            assertThat(config.search().ipVersion()).isEqualTo(IpVersion.SIX);
            assertThat(config.operation())
                    .isEqualTo(
                            new ConnectorConfig.Operation(
                                    false,
                                    true,
                                    "192.0.2.53:53",
                                    Path.of("/var/log/connector.log"),
                                    Path.of("/var/log/connector"),
                                    true,
                                    LogLevel.WARN,
                                    null));
            assertThat(config.search().proxy()).hasToString("http://proxy.test:3128");
            assertThat(config.toString()).doesNotContain("hunter2");
        }
    }

    @Test
    void namedEdgesWinOverServiceRecords() throws Exception {
        try (ConnectorConfig config =
                load(
                        "--token",
                        TOKEN,
                        "--edge",
                        "e:1",
                        "--edge-srv-domain",
                        "d.test",
                        "--region",
                        "eu")) {
            assertThat(config.search().service()).isNull();
            assertThat(config.notes())
                    .contains(
                            "edge-srv-domain is ignored: the edges are named by edge",
                            "region is ignored: the edges are named by edge");
        }
    }

    @Test
    void withoutEdgesItSaysWhatToGive() {
        assertThat(problems("--token", TOKEN))
                .singleElement()
                .asString()
                .contains("--edge HOST:PORT", "--edge-srv-domain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--edge-ip-version | 5 | expected: 4, 6, auto",
                "--edge-bind-address | eth0 | expected: an IP address of this machine",
                "--edge-bind-address | ::1 | the edge 192.0.2.1:7844 is not",
                "--region | a b | expected: letters, digits and hyphens",
                "--edge-srv-domain | http://x | expected: a domain such as example.com",
                "--edge-dns-server | :53 | has no host",
                "--output | xml | expected: default, json",
                "--transport-loglevel | loud | expected: debug, error, fatal, info, warn"
            })
    void refusesBadValues(String option, String value, String problem) {
        assertThat(problems("--token", TOKEN, "--edge", "192.0.2.1:7844", option, value))
                .singleElement()
                .asString()
                .contains(option, problem);
    }

    @Test
    void aSourceAddressOfTheOtherFamilyIsRefused() {
        assertThat(
                        problems(
                                "--token",
                                TOKEN,
                                "--edge",
                                "e:1",
                                "--edge-bind-address",
                                "::1",
                                "--edge-ip-version",
                                "4"))
                .singleElement()
                .asString()
                .contains("::1 is IPv6, edge-ip-version wants IPv4");
    }

    @Test
    void aRegionGivenTwiceIsRefused() {
        String token =
                TunnelToken.format(new TunnelCredentials("account", new byte[32], TUNNEL, "fed"));
        assertThat(problems("--token", token, "--edge-srv-domain", "d.test", "--region", "eu"))
                .singleElement()
                .asString()
                .contains("name the region \"fed\"");
    }

    @Test
    void aBadProxyIsRefusedByItsVariableWithoutItsPassword() {
        environment.put("https_proxy", "gopher://me:hunter2@proxy.test");
        assertThat(problems("--token", TOKEN, "--edge", "e:1"))
                .singleElement()
                .asString()
                .contains("environment https_proxy: is not a proxy's address")
                .doesNotContain("hunter2");
    }
}
