package dev.culvert.access.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.access.Problem;
import dev.culvert.config.InvalidConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsFileTest {
    @TempDir Path directory;

    private PortsFile read(String text) throws Exception {
        Path file = directory.resolve("ports.yml");
        Files.writeString(file, text);
        return PortsFile.read(file);
    }

    private void rejects(String text, String... said) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContainingAll(said);
    }

    @Test
    void readsPortsWithWhatHoldsForAll() throws Exception {
        PortsFile file =
                read(
                        """
                        cacert: ca.pem
                        ports:
                          - app: database
                            port: 5432
                          - hostname: https://bastion.example.com:8443/x
                            name: db2
                            url: 127.0.0.2:5433
                            destination: 10.0.0.7:5432
                            connect_to: 192.0.2.1:443
                            cacert: other.pem
                        """);
        assertThat(file.entries().get(0).spec())
                .isEqualTo(new PortSpec("database", "", ":5432", null, "ca.pem", null));
        assertThat(file.entries().get(1).spec())
                .isEqualTo(
                        new PortSpec(
                                "db2",
                                "https://bastion.example.com:8443/x",
                                "127.0.0.2:5433",
                                "10.0.0.7:5432",
                                "other.pem",
                                "192.0.2.1:443"));
    }

    @Test
    void anApplicationIsLookedUpByItsName() throws Exception {
        PortsFile.Entry entry = read("ports: [{app: Database}]").entries().getFirst();
        App app = new App("database", App.Kind.TCP, "tcp.example.com", "/db", "");
        assertThat(entry.resolved(List.of(app)).target()).isEqualTo("https://tcp.example.com/db");
        assertThatThrownBy(() ->
                        entry.resolved(List.of(new App("databse", App.Kind.TCP, "h", "/", ""))))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                            assertThat(problem.exitCode()).isEqualTo(2);
                            assertThat(problem.hint()).contains("databse");
                        });
    }

    @Test
    void saysAllThatIsWrongAtOnceWithPlaceAndSuggestion() {
        rejects(
                """
                ports:
                  - hostnam: ssh.example.com
                  - {hostname: a.example.com, app: a}
                  - {hostname: b.example.com, port: 70000}
                  - {hostname: c.example.com, port: 1, url: ":2"}
                  - {hostname: d.example.com, url: "no port"}
                  - {hostname: b.example.com}
                prots: []
                """,
                "ports.yml:2:5 ports[0].hostnam: unknown key (did you mean \"hostname\"?)",
                "ports[0]: expected: either app or hostname",
                "ports[1].hostname: expected: either app or hostname",
                "ports[2].port: \"70000\" (expected: a whole number, 0 to 65535)",
                "ports[3].url: stands beside port",
                "ports[4].url: no port (expected: host:port",
                "ports[5].hostname: b.example.com is there twice",
                "prots: unknown key (did you mean \"ports\"?)");
        rejects("{}", "ports: no ports");
        rejects("ports: []", "ports: no ports");
        rejects("- a", "expected: a mapping");
    }
}
