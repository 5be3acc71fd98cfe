package dev.culvert.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.certificates.CertificateFiles;
import dev.culvert.edge.front.PublicLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class EdgeOptionsTest {
    private static final Path HOME = Path.of("/home/somebody");

    @TempDir Path temp;

    private static EdgeConfig load(String... arguments) throws InvalidConfigException {
        EdgeOptions options = new EdgeOptions();
        new CommandLine(new Command(options)).parseArgs(arguments);
        return options.load(HOME, null);
    }

    @CommandLine.Command
    private static final class Command {
        @CommandLine.Mixin private final EdgeOptions options;

        Command(EdgeOptions options) {
            this.options = options;
        }
    }

    private String file(String yaml) throws IOException {
        return Files.writeString(temp.resolve("edge.yml"), yaml).toString();
    }

    private List<String> problems(String yaml, String... more) throws IOException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--config";
        arguments[1] = file(yaml);
        System.arraycopy(more, 0, arguments, 2, more.length);
        InvalidConfigException thrown =
                catchThrowableOfType(InvalidConfigException.class, () -> load(arguments));
        assertThat(thrown).as(yaml).isNotNull();
        return thrown.problems().stream()
                .map(problem -> problem.toString().replace(temp + "/", ""))
                .toList();
    }

    @Test
    void hasTheseDefaults() throws Exception {
        assertThat(load())
                .isEqualTo(
                        new EdgeConfig(
                                Path.of("/home/somebody/.culvert/edge"),
                                null,
                                new InetSocketAddress("0.0.0.0", 443),
                                new InetSocketAddress("0.0.0.0", 7844),
                                true,
                                new InetSocketAddress("127.0.0.1", 7845),
                                List.of(),
                                List.of(),
                                "culvert",
                                Duration.ofSeconds(30),
                                20_000));
    }

    @Test
    void readsEveryKeyOfTheFile() throws Exception {
        EdgeConfig read =
                load(
                        "--config",
                        file(
                                """
                                state: /srv/edge
                                key-file: /srv/key
                                listen: "127.0.0.1:8443"
                                tunnel-listen: "[::1]:7000"
                                quic: false
                                metrics: ":9000"
                                domains: [example.com, example.org]
                                certificates:
                                  - certificate: a.pem
                                    key: a.key
                                  - {certificate: b.pem, key: b.key}
                                location: fra01
                                grace-period: 1m30s
                                max-streams: 7
                                """));
        assertThat(read)
                .isEqualTo(
                        new EdgeConfig(
                                Path.of("/srv/edge"),
                                Path.of("/srv/key"),
                                new InetSocketAddress("127.0.0.1", 8443),
                                new InetSocketAddress("::1", 7000),
                                false,
                                new InetSocketAddress(9000),
                                List.of("example.com", "example.org"),
                                List.of(
                                        new CertificateFiles.Pair(
                                                Path.of("a.pem"), Path.of("a.key")),
                                        new CertificateFiles.Pair(
                                                Path.of("b.pem"), Path.of("b.key"))),
                                "fra01",
                                Duration.ofSeconds(90),
                                7));
    }

    @Test
    void readsWhoMayComeIn() throws Exception {
        assertThat(load("--config", file("auth_host: Auth.Example.com")).access())
                .isEqualTo(AccessConfig.of("auth.example.com"));
        assertThat(load().access()).isNull();
    }

    @Test
    void readsEveryLimit() throws Exception {
        String file =
                file(
                        """
                        limits:
                          uri-bytes: 2000
                          header-bytes: 5000
                          header-count: 20
                          head-timeout: 5s
                          idle-timeout: 6s
                          stall-timeout: 7s
                          connection-streams: 8
                          client-connections: 9
                          client-streams: 10
                        """);
        assertThat(load("--config", file).limits())
                .isEqualTo(
                        new PublicLimits(
                                2000,
                                5000,
                                20,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(7),
                                8,
                                9,
                                10));
    }

    @Test
    void theLimitsOfANewEdge() throws Exception {
        assertThat(load().limits())
                .isEqualTo(
                        new PublicLimits(
                                16384,
                                65536,
                                256,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(75),
                                Duration.ofMinutes(2),
                                128,
                                5000,
                                10_000));
    }

    @Test
    void limitsThatAreNoneAreAllReported() throws Exception {
        String file =
                ("""
                limits:
                  uri-bytes: 10
                  stall-timeout: 5ms
                  header-cuont: 7
                """);
        assertThat(problems(file))
                .hasSize(3)
                .anySatisfy(p -> assertThat(p).contains("limits.uri-bytes"))
                .anySatisfy(p ->
                        assertThat(p)
                                .contains(
                                        "limits.stall-timeout: 5ms (expected: 0s, or 1s"
                                                + " to 24h)"))
                .anySatisfy(p -> assertThat(p).contains("header-count"));
    }

    @Test
    void theCommandLineWins() throws Exception {
        String file =
                file(
                        """
                        state: /srv/edge
                        key-file: /srv/key
                        listen: "127.0.0.1:1"
                        tunnel-listen: "127.0.0.1:2"
                        metrics: "127.0.0.1:3"
                        domains: [example.com]
                        certificates: [{certificate: a.pem, key: a.key}]
                        location: fra01
                        grace-period: 1s
                        """);
        assertThat(
                        load(
                                "--config", file,
                                "--state", "/other",
                                "--key-file", "/k",
                                "--listen", "127.0.0.1:11",
                                "--tunnel-listen", "127.0.0.1:12",
                                "--metrics", "127.0.0.1:13",
                                "--domain", "a.test",
                                "--domain", "b.test",
                                "--certificate", "c.pem:c.key",
                                "--location", "here",
                                "--grace-period", "0s"))
                .isEqualTo(
                        new EdgeConfig(
                                Path.of("/other"),
                                Path.of("/k"),
                                new InetSocketAddress("127.0.0.1", 11),
                                new InetSocketAddress("127.0.0.1", 12),
                                true,
                                new InetSocketAddress("127.0.0.1", 13),
                                List.of("a.test", "b.test"),
                                List.of(
                                        new CertificateFiles.Pair(
                                                Path.of("c.pem"), Path.of("c.key"))),
                                "here",
                                Duration.ZERO,
                                20_000));
    }

    @Test
    void theEnvironmentNamesTheStateWhenNothingElseDoes() throws Exception {
        assertThat(new EdgeOptions().load(HOME, "/env").state()).isEqualTo(Path.of("/env"));
        EdgeOptions options = new EdgeOptions();
        options.state = "/option";
        assertThat(options.load(HOME, "/env").state()).isEqualTo(Path.of("/option"));
    }

    @Test
    void everythingWrongIsSaidAtOnceWithItsPlace() throws Exception {
        assertThat(
                        problems(
                                """
                                listen: "443"
                                tunel-listen: "0.0.0.0:7844"
                                domains:
                                  - ok.example.com
                                  - not a name
                                certificates:
                                  - certificate: a.pem
                                grace-period: -1s
                                max-streams: 0
                                """,
                                "--metrics",
                                "127.0.0.1:70000",
                                "--certificate",
                                "nokey",
                                "--location",
                                "a b"))
                .hasSize(9)
                .anyMatch(p -> p.startsWith("edge.yml:1:9 listen: \"443\" (expected: HOST:PORT"))
                .anyMatch(p ->
                        p.startsWith("edge.yml:2:1 tunel-listen: ")
                                && p.endsWith("(did you mean \"tunnel-listen\"?)"))
                .anyMatch(p -> p.startsWith("edge.yml:") && p.contains("domains"))
                .anyMatch(p -> p.startsWith("edge.yml:7:") && p.contains("key: missing"))
                .anyMatch(p -> p.startsWith("edge.yml:8:15 grace-period: "))
                .anyMatch(p -> p.startsWith("edge.yml:9:14 max-streams: "))
                .anyMatch(p -> p.startsWith("command line --metrics: \"127.0.0.1:70000\""))
                .anyMatch(p -> p.startsWith("command line --certificate: \"nokey\""))
                .anyMatch(p -> p.startsWith("command line --location: \"a b\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", "host:x", "host:-1", "host:65536", "1:2:x"})
    void rejectsAddress(String address) throws Exception {
        assertThat(problems("", "--listen", address))
                .singleElement()
                .asString()
                .startsWith("command line --listen: \"" + address + "\" (expected: HOST:PORT");
    }

    @ParameterizedTest
    @CsvSource({"--grace-period, 25h", "--grace-period, soon", "--domain, a..b"})
    void rejectsOption(String option, String value) throws Exception {
        assertThat(problems("", option, value))
                .singleElement()
                .asString()
                .startsWith("command line " + option + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "key-file"})
    void rejectsPathsNoFileCanHave(String key) throws Exception {
        assertThat(problems(key + ": \"a\\0b\""))
                .singleElement()
                .asString()
                .startsWith("edge.yml:1:")
                .contains(key + ": \"a\\u0000b\"");
        assertThat(problems(key + ": ''")).singleElement().asString().startsWith("edge.yml:1:");
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        assertThat(
                        catchThrowableOfType(
                                InvalidConfigException.class,
                                () -> load("--config", temp.resolve("no.yml").toString())))
                .hasMessageContaining("no.yml");
    }
}
