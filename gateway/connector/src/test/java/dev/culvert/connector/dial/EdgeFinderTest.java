package dev.culvert.connector.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.connector.link.EdgeAddress;
import dev.culvert.connector.link.EdgeProblem;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class EdgeFinderTest {
    private static final String SERVICE = "_v2-origintunneld._tcp.edges.test";

    private final EventLoops loops = new EventLoops("finder-test", 1);
    private final Zone zone = new Zone();

    @AfterEach
    void close() {
        loops.close();
    }

    /// Names that a test may change.
    private static final class Zone implements NameService {
        final Map<String, List<InetAddress>> hosts = new ConcurrentHashMap<>();
        volatile List<EdgeTarget> targets = List.of();
        volatile @Nullable IOException broken;

        void host(String name, String... addresses) throws IOException {
            List<InetAddress> all = new ArrayList<>();
            for (String each : addresses) {
                all.add(InetAddress.getByName(each));
            }
            hosts.put(name, all);
        }

        @Override
        public List<EdgeTarget> services(String name) throws IOException {
            IOException failure = broken;
            if (failure != null) {
                throw failure;
            }
            if (targets.isEmpty()) {
                throw new UnknownHostException(name);
            }
            return targets;
        }

        @Override
        public List<InetAddress> addresses(String host) throws IOException {
            List<InetAddress> known = hosts.get(host);
            if (known != null) {
                return known;
            }
            return new DnsNames("127.0.0.1:1").addresses(host);
        }
    }

    private EdgeFinder finder(IpVersion version, @Nullable String bind, EdgeTarget... edges)
            throws IOException {
        return new EdgeFinder(
                new EdgeSearch(
                        List.of(edges),
                        edges.length == 0 ? SERVICE : null,
                        version,
                        bind == null ? null : InetAddress.getByName(bind),
                        null),
                zone,
                // SRV: the first turn.
                () -> 0L);
    }

    private static EdgeTarget target(String host) {
        return new EdgeTarget(0, 1, host, 7844);
    }

    private EdgeAddress next(EdgeFinder finder, int index) throws Exception {
        try {
            return finder.next(index, loops.next()).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private String nexts(EdgeFinder finder, int index, int times) throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(next(finder, index).toString());
        }
        return String.join(" ", all);
    }

    @Test
    void allAddressesOfANameAreUsedInTurn() throws Exception {
        zone.host("edge.test", "192.0.2.1", "192.0.2.2");
        EdgeFinder finder = finder(IpVersion.AUTO, null, target("edge.test"));
        assertThat(nexts(finder, 0, 3))
                .isEqualTo(
                        "edge.test:7844/192.0.2.1 edge.test:7844/192.0.2.2"
                                + " edge.test:7844/192.0.2.1");
        assertThat(nexts(finder, 1, 1)).isEqualTo("edge.test:7844/192.0.2.2");
    }

    @Test
    void oneAddressServesEveryConnection() throws Exception {
        EdgeFinder finder = finder(IpVersion.AUTO, null, target("192.0.2.1"));
        for (int i = 0; i < 4; i++) {
            assertThat(nexts(finder, i, 2)).isEqualTo("192.0.2.1:7844 192.0.2.1:7844");
        }
    }

    @Test
    void aCopyInTheListCounts() throws Exception {
        EdgeFinder finder =
                finder(
                        IpVersion.AUTO,
                        null,
                        target("192.0.2.1"),
                        target("192.0.2.1"),
                        target("192.0.2.2"));
        List<String> firsts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            firsts.add(nexts(finder, i, 1));
        }
        assertThat(firsts)
                .containsExactlyInAnyOrder("192.0.2.1:7844", "192.0.2.1:7844", "192.0.2.2:7844");
    }

    @Test
    void afterARegistrationTheOtherEdgesAreTriedBeforeTheSameAgain() throws Exception {
        EdgeFinder finder = finder(IpVersion.AUTO, null, target("192.0.2.1"), target("192.0.2.2"));
        assertThat(nexts(finder, 0, 2)).isEqualTo("192.0.2.1:7844 192.0.2.2:7844");
        finder.reached(0);
        assertThat(nexts(finder, 0, 2)).isEqualTo("192.0.2.1:7844 192.0.2.1:7844");
    }

    @Test
    void theOtherFamilyIsForWhenTheFirstFailed() throws Exception {
        zone.host("edge.test", "2001:db8::1", "192.0.2.1", "2001:db8::2");
        EdgeFinder finder = finder(IpVersion.AUTO, null, target("edge.test"));
        assertThat(nexts(finder, 0, 3))
                .isEqualTo(
                        "edge.test:7844/2001:db8::1 edge.test:7844/2001:db8::2"
                                + " edge.test:7844/192.0.2.1");
    }

    @Test
    void aFamilyThatIsNotWantedIsNotUsed() throws Exception {
        zone.host("edge.test", "2001:db8::1", "192.0.2.1");
        assertThat(nexts(finder(IpVersion.FOUR, null, target("edge.test")), 0, 2))
                .doesNotContain("2001");
        assertThat(nexts(finder(IpVersion.SIX, null, target("edge.test")), 0, 2))
                .doesNotContain("192");
        // A literal is what somebody wants, as in cloudflared.
        assertThat(nexts(finder(IpVersion.SIX, null, target("192.0.2.9")), 0, 1))
                .isEqualTo("192.0.2.9:7844");
    }

    @Test
    void theSourceAddressDecidesTheFamily() throws Exception {
        zone.host("edge.test", "2001:db8::1", "192.0.2.1");
        assertThat(nexts(finder(IpVersion.AUTO, "127.0.0.1", target("edge.test")), 0, 2))
                .doesNotContain("2001");
        zone.host("six.test", "2001:db8::1");
        EdgeProblem problem =
                catchThrowableOfType(
                        EdgeProblem.class,
                        () -> next(finder(IpVersion.AUTO, "127.0.0.1", target("six.test")), 0));
        assertThat(problem).hasMessage("the edge six.test has no IPv4 address");
        assertThat(problem.hint()).contains("edge-bind-address");
    }

    @Test
    void serviceRecordsAreUsedByPriorityAndReadAgain() throws Exception {
        zone.targets =
                List.of(
                        new EdgeTarget(20, 1, "192.0.2.9", 7844),
                        new EdgeTarget(10, 1, "192.0.2.1", 7844));
        EdgeFinder finder = finder(IpVersion.AUTO, null);
        assertThat(nexts(finder, 0, 2)).isEqualTo("192.0.2.1:7844 192.0.2.9:7844");
        zone.targets = List.of(new EdgeTarget(10, 1, "192.0.2.5", 7845));
        Eventually.until(
                "the new record",
                () -> {
                    try {
                        return nexts(finder, 0, 1).equals("192.0.2.5:7845");
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
        zone.broken = new IOException("no name server answers");
        EdgeFinder fresh = finder(IpVersion.AUTO, null);
        assertThat(catchThrowableOfType(EdgeProblem.class, () -> next(fresh, 0)))
                .hasMessage(
                        "the SRV record "
                                + SERVICE
                                + " cannot be asked for: no name server answers");
        assertThat(nexts(finder, 0, 1)).as("what was found before").isEqualTo("192.0.2.5:7845");
    }

    @Test
    void withoutAServiceRecordItSaysWhichOneIsMissing() {
        EdgeProblem problem =
                catchThrowableOfType(
                        EdgeProblem.class, () -> next(finder(IpVersion.AUTO, null), 0));
        assertThat(problem).hasMessage("there is no SRV record " + SERVICE);
        assertThat(problem.hint()).contains(SERVICE + " SRV 10 1 7844 HOST");
    }

    @Test
    void oneNameThatDoesNotResolveDoesNotStopTheOthers() throws Exception {
        zone.host("edge.test", "192.0.2.1");
        EdgeFinder finder = finder(IpVersion.FOUR, null, target("six.test"), target("edge.test"));
        zone.host("six.test", "2001:db8::1");
        assertThat(nexts(finder, 0, 2))
                .isEqualTo("edge.test:7844/192.0.2.1 edge.test:7844/192.0.2.1");
        assertThat(finder.leftOut())
                .singleElement()
                .satisfies(each -> assertThat(each.edge()).isEqualTo("six.test:7844"));
    }

    @Test
    void anAddressKeptInReserveTakesNothingFromItsEdgesShare() throws Exception {
        zone.host("both.test", "192.0.2.1", "2001:db8::1");
        EdgeFinder finder = finder(IpVersion.AUTO, null, target("both.test"), target("192.0.2.9"));
        assertThat(nexts(finder, 0, 1)).isEqualTo("both.test:7844/192.0.2.1");
        assertThat(nexts(finder, 1, 1)).isEqualTo("192.0.2.9:7844");
    }

    @Test
    void regionsHaveRecordsOfTheirOwn() {
        assertThat(EdgeSearch.service("edges.test", null)).isEqualTo(SERVICE);
        assertThat(EdgeSearch.service("edges.test", "fed"))
                .isEqualTo("_fed-v2-origintunneld._tcp.edges.test");
    }
}
