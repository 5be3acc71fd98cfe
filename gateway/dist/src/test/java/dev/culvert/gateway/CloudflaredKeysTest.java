package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.ConfigProblem;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.connector.config.ConnectorConfig;
import dev.culvert.connector.config.ConnectorOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// Every key and service of cloudflared's configuration: it works (`yes`), it is accepted with a note
/// because it could not have an effect (`note`), or the start is refused, by its name and with a reason
/// (`no`); or one of these (`known`), as the system permits. Nothing is ignored in silence, and `docs/configuration.md` says the same.
final class CloudflaredKeysTest {
    private static final String TOKEN =
            "eyJhIjoiYWNjb3VudCIsInMiOiJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBPSIs"
                    + "InQiOiIxYjRlMjhiYS0yZmExLTExZDItODgzZi0wMDE2ZDNjY2E0MjcifQ==";
    private static final String RULES = "ingress: [{service: 'http_status:404'}]\n";

    @TempDir Path directory;

    private record Outcome(List<String> problems, List<String> notes) {}

    private Outcome load(String yaml) throws Exception {
        Path file = Files.writeString(directory.resolve("c.yml"), yaml);
        ConnectorOptions options = new ConnectorOptions();
        new CommandLine(CommandLine.Model.CommandSpec.forAnnotatedObject(options))
                .parseArgs("--config", file.toString(), "--token", TOKEN, "--edge", "e:7844");
        try (ConnectorConfig config = options.load(Map.of(), null)) {
            return new Outcome(List.of(), config.notes());
        } catch (InvalidConfigException e) {
            return new Outcome(
                    e.problems().stream().map(ConfigProblem::toString).toList(), List.of());
        }
    }

    private static void assertOutcome(Outcome outcome, String name, String expected) {
        switch (expected) {
            case "yes" -> {
                assertThat(outcome.problems).isEmpty();
                assertThat(outcome.notes).noneMatch(note -> note.contains("has no effect"));
            }
            case "note" -> {
                assertThat(outcome.problems).isEmpty();
                assertThat(outcome.notes).anyMatch(note -> note.contains(name));
            }
            case "no" ->
                    assertThat(outcome.problems)
                            .singleElement()
                            .asString()
                            .contains(name)
                            .doesNotContain("unknown key");
            case "known" ->
                    assertThat(outcome.problems)
                            .allSatisfy(p -> assertThat(p).contains(name))
                            .noneMatch(p -> p.contains("unknown"));
            default -> throw new IllegalArgumentException(expected);
        }
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tunnel|1b4e28ba-2fa1-11d2-883f-0016d3cca427|yes",
                "credentials-file|/none.json|yes",
                "credentials-contents|\"{}\"|yes",
                "token|x|yes",
                "token-file|/none|yes",
                "origincert|/none.pem|yes",
                "edge|['e:1']|yes",
                "protocol|http2|yes",
                "ha-connections|2|yes",
                "retries|3|yes",
                "rpc-timeout|4s|yes",
                "grace-period|10s|yes",
                "metrics|'127.0.0.1:0'|yes",
                "loglevel|warn|yes",
                "pidfile|/tmp/none.pid|yes",
                "label|office|yes",
                "tag|[a=b]|yes",
                "no-autoupdate|true|note",
                "autoupdate-freq|24h|note",
                "metrics-update-freq|5s|note",
                "transport-loglevel|info|yes",
                "heartbeat-interval|5s|note",
                "heartbeat-count|5|note",
                "compression-quality|0|note",
                "use-reconnect-token|true|note",
                "lb-pool|x|note",
                "id|x|note",
                "api-key|x|note",
                "api-email|x|note",
                "api-ca-key|x|note",
                "api-url|'https://x'|note",
                "is-autoupdated|true|note",
                "management-hostname|x|note",
                "management-diagnostics|true|note",
                "no-prechecks|true|yes",
                "dial-edge-timeout|5s|note",
                "max-edge-addr-retries|8|note",
                "region|us|note",
                "edge-ip-version|auto|yes",
                "edge-bind-address|127.0.0.1|yes",
                "post-quantum|true|yes",
                "pq|true|no",
                "features|[]|known",
                "http2-origin|true|known",
                "no-chunked-encoding|true|known",
                "proxy-no-happy-eyeballs|true|known",
                "socks5|true|yes",
                "cacert|/none.pem|no",
                "http-host-header|a.example|yes",
                "origin-server-name|a.example|yes",
                "origin-ca-pool|/none.pem|no",
                "no-tls-verify|true|yes",
                "proxy-address|127.0.0.1|note",
                "proxy-port|80|note",
                "warp-routing|{}|no",
                "logfile|/tmp/x|yes",
                "log-directory|/tmp|yes",
                "logDirectory|/tmp|no",
                "logLevel|info|no",
                "output|json|yes",
                "forwarders|[]|no",
                "max-active-flows|1|no",
                "dns-resolver-addrs|[]|no",
                "icmpv4-src|1.2.3.4|no",
                "icmpv6-src|'::1'|no",
                "stdin-control|true|no",
                "name|x|no",
                "hostname|x.example.com|no",
                "config|x|no",
                "proxy-connect-timeout|30s|yes",
                "proxy-tls-timeout|10s|yes",
                "proxy-tcp-keepalive|30s|yes",
                "proxy-keepalive-connections|100|yes",
                "proxy-keepalive-timeout|90s|yes",
                // One service without rules: with rules they have no effect.
                "hello-world|true|note",
                "bastion|true|note",
                "url|'http://localhost:80'|note",
                "unix-socket|/run/x|note"
            })
    void rootKeys(String key, String value, String expected) throws Exception {
        assertOutcome(load(RULES + key + ": " + value + "\n"), key, expected);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "connectTimeout|5s|yes",
                "tlsTimeout|5s|yes",
                "tcpKeepAlive|5s|yes",
                "noHappyEyeballs|false|yes",
                "noHappyEyeballs|true|known",
                "disableChunkedEncoding|true|known",
                "http2Origin|true|known",
                "keepAliveConnections|5|yes",
                "keepAliveTimeout|5s|yes",
                "httpHostHeader|a.example|yes",
                "originServerName|a.example|yes",
                "matchSNItoHost|true|yes",
                "caPool|/none.pem|no",
                "noTLSVerify|true|yes",
                "disableChunkedEncoding|false|yes",
                "bastionMode|true|yes",
                "proxyAddress|127.0.0.1|yes",
                "proxyPort|80|yes",
                "proxyType|socks|yes",
                "proxyType|''|yes",
                "proxyType|http|no",
                "ipRules|[{prefix: 10.0.0.0/8, ports: [22], allow: true}]|yes",
                "http2Origin|false|yes",
                "access|{required: true, teamName: t, audTag: [a], environment: fed}|yes",
                "access|{required: true, issuer: 'https://a.example', audTag: a}|yes"
            })
    void originRequestKeysAtBothLevels(String key, String value, String expected) throws Exception {
        String request = "originRequest: {" + key + ": " + value + "}";
        assertOutcome(load(request + "\n" + RULES), key, expected);
        assertOutcome(load("ingress: [{service: socks-proxy, " + request + "}]"), key, expected);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "http://localhost|yes",
                "https://localhost:8443|yes",
                "ws://localhost|yes",
                "wss://localhost|yes",
                "unix:/run/app.sock|yes",
                "unix+tls:/run/app.sock|known",
                "http_status:404|yes",
                "http_status:99|no",
                "hello_world|yes",
                "hello-world|yes",
                "tcp://db:5432|yes",
                "ssh://host|yes",
                "rdp://host|yes",
                "smb://host|yes",
                "bastion|yes",
                "socks-proxy|yes",
                "bastion:22|no",
                "socks-proxy://h|no",
                "gopher://host:70|no"
            })
    void services(String service, String expected) throws Exception {
        assertOutcome(load("ingress: [{service: '" + service + "'}]"), service, expected);
    }
}
