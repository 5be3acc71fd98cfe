package dev.culvert.connector.precheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.connector.dial.DnsNames;
import dev.culvert.connector.dial.EdgeFinder;
import dev.culvert.connector.dial.EdgeSearch;
import dev.culvert.connector.dial.EdgeTarget;
import dev.culvert.connector.dial.IpVersion;
import dev.culvert.connector.link.ScriptedEdge;
import dev.culvert.connector.precheck.Precheck.Outcome;
import dev.culvert.connector.precheck.Precheck.Row;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.TestCertificates;
import dev.culvert.transport.tls.TlsContexts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class PrechecksTest {
    private static final TestCertificates AUTHORITY = new TestCertificates("edge-authority");

    private Duration soon = Duration.ofMinutes(1);
    private final EventLoops loops = new EventLoops("precheck-test", 1);

    @AfterEach
    void close() {
        loops.close();
    }

    private List<Row> look(TestCertificates trusted, EdgeTarget... edges) throws Exception {
        return new EdgeReach(
                        new EdgeFinder(
                                new EdgeSearch(List.of(edges), null, IpVersion.AUTO, null, null),
                                new DnsNames(null)),
                        new Dialer(loops),
                        loops.next(),
                        TlsContexts.client(List.of(trusted.ca())),
                        soon)
                .look();
    }

    private static EdgeTarget at(String host, int port) {
        return new EdgeTarget(0, 1, host, port);
    }

    @Test
    void anEdgeThatIsFinePassesEverything() throws Exception {
        try (ScriptedEdge edge = new ScriptedEdge(AUTHORITY.leaf(EdgeReach.SERVER_NAME))) {
            assertThat(look(AUTHORITY, at("127.0.0.1", edge.address().port())))
                    .extracting(row -> row.component() + " " + row.outcome())
                    .containsExactly("DNS PASS", "TCP PASS", "TLS PASS");
        }
    }

    @Test
    void aCertificateThatEndsSoonIsWarnedOf() throws Exception {
        soon = Duration.ofDays(2);
        try (ScriptedEdge edge = new ScriptedEdge(AUTHORITY.leaf(EdgeReach.SERVER_NAME))) {
            Row last = look(AUTHORITY, at("127.0.0.1", edge.address().port())).getLast();
            assertThat(last.outcome()).isEqualTo(Outcome.WARN);
            assertThat(last.action()).contains("ends soon");
        }
    }

    @Test
    void eachEdgeHasItsOwnRows() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = socket.getLocalPort();
        }
        try (ScriptedEdge edge = new ScriptedEdge(AUTHORITY.leaf(EdgeReach.SERVER_NAME))) {
            List<Row> rows =
                    look(
                            AUTHORITY,
                            at("127.0.0.1", free),
                            at("nothing.invalid", 7844),
                            at("127.0.0.1", edge.address().port()));
            assertThat(rows)
                    .extracting(row -> row.component() + " " + row.target() + " " + row.outcome())
                    .containsExactly(
                            "DNS edges PASS",
                            "DNS nothing.invalid:7844 FAIL",
                            "TCP 127.0.0.1:" + free + " FAIL",
                            "TCP " + edge.address() + " PASS",
                            "TLS " + edge.address() + " PASS");
            assertThat(rows)
                    .filteredOn(row -> row.outcome() == Outcome.FAIL)
                    .allMatch(row -> !row.action().isEmpty());
        }
    }

    @Test
    void anAuthorityThatIsNotTrustedFailsWithWhatToDo() throws Exception {
        try (ScriptedEdge edge = new ScriptedEdge(AUTHORITY.leaf(EdgeReach.SERVER_NAME))) {
            Row last =
                    look(new TestCertificates("other"), at("127.0.0.1", edge.address().port()))
                            .getLast();
            assertThat(last.component()).isEqualTo("TLS");
            assertThat(last.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(last.action()).contains("--cacert");
        }
    }

    @Test
    void noEdgeAtAllIsOneRow() throws Exception {
        assertThat(look(AUTHORITY, at("nothing.invalid", 7844)))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.component()).isEqualTo("DNS");
                    assertThat(row.outcome()).isEqualTo(Outcome.FAIL);
                });
    }

    @Test
    void whatHangsIsGivenUpAndWhatBreaksIsSkipped() throws Exception {
        Map<String, Precheck> checks = new LinkedHashMap<>();
        checks.put(
                "hanging",
                () -> {
                    new CountDownLatch(1).await();
                    return List.of();
                });
        checks.put(
                "broken",
                () -> {
                    throw new IllegalStateException("oops");
                });
        checks.put("fine", () -> List.of(Row.pass("fine", "x", "good")));
        Report report = Prechecks.run(checks, Duration.ofMillis(200));
        assertThat(report.rows())
                .extracting(row -> row.component() + " " + row.outcome())
                .containsExactly("hanging FAIL", "broken SKIP", "fine PASS");
        assertThat(report.table())
                .startsWith("COMPONENT  TARGET  RESULT")
                .contains("\nfine       x       PASS    good\n");
    }

    @Test
    void filesThatCannotBeWrittenAreSaid(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("pid");
        assertThat(LocalFiles.writable("pidfile", null).look()).isEmpty();
        assertThat(LocalFiles.writable("pidfile", file).look().getFirst().outcome())
                .isEqualTo(Outcome.PASS);
        assertThat(file).doesNotExist();
        assertThat(LocalFiles.writable("pidfile", directory.resolve("no/pid")).look().getFirst())
                .extracting(Row::outcome, Row::detail)
                .containsExactly(Outcome.FAIL, "its directory is not there");
        assertThat(LocalFiles.writable("pidfile", directory).look().getFirst().outcome())
                .isEqualTo(Outcome.FAIL);
        assertThat(LocalFiles.plugins(Files.createFile(file)).look().getFirst().outcome())
                .isEqualTo(Outcome.FAIL);
        assertThat(LocalFiles.plugins(directory).look().getFirst().outcome())
                .isEqualTo(Outcome.PASS);
    }
}
