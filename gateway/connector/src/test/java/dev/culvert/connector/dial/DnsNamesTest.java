package dev.culvert.connector.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class DnsNamesTest {
    private static final String SERVICE = "_v2-origintunneld._tcp.edges.test";

    private TestNameServer server;
    private DnsNames names;

    @BeforeEach
    void start() throws Exception {
        server = new TestNameServer();
        names = new DnsNames(server.address());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void readsServiceRecords() throws Exception {
        server.service(SERVICE, "10 60 7844 a.edges.test", "20 0 443 b.edges.test");
        assertThat(names.services(SERVICE))
                .containsExactlyInAnyOrder(
                        new EdgeTarget(10, 60, "a.edges.test", 7844),
                        new EdgeTarget(20, 0, "b.edges.test", 443));
    }

    @Test
    void aNameWithoutServiceRecordsIsUnknown() {
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> names.services(SERVICE));
        server.service(SERVICE);
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> names.services(SERVICE));
    }

    @Test
    void aTargetOfTheRootMeansNoService() {
        server.service(SERVICE, "0 0 0 .");
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> names.services(SERVICE))
                .withMessageContaining("no SRV record");
    }

    @Test
    void findsAddressesOfBothFamilies() throws Exception {
        server.addresses("a.edges.test", "192.0.2.1", "192.0.2.2", "2001:db8::1");
        assertThat(names.addresses("a.edges.test"))
                .containsExactlyInAnyOrder(
                        InetAddress.getByName("192.0.2.1"),
                        InetAddress.getByName("192.0.2.2"),
                        InetAddress.getByName("2001:db8::1"))
                .last()
                .isEqualTo(InetAddress.getByName("2001:db8::1"));
    }

    /// As dnsmasq answers for AAAA when it only has A and nobody to ask.
    @Test
    void aTypeTheServerRefusesDoesNotHideTheOther() throws Exception {
        server.addresses("a.edges.test", "192.0.2.1");
        server.refusedType = 28;
        assertThat(names.addresses("a.edges.test"))
                .containsExactly(InetAddress.getByName("192.0.2.1"));
        server.refusedType = 1;
        server.addresses("b.edges.test", "192.0.2.1");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> names.addresses("b.edges.test"));
    }

    @Test
    void anUnknownHostIsSaidToBeUnknown() {
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> names.addresses("nothing.edges.test"));
    }

    @Test
    void literalsAndLocalhostAreNotAskedFor() throws Exception {
        assertThat(names.addresses("192.0.2.7")).hasSize(1);
        assertThat(names.addresses("2001:db8::7")).hasSize(1);
        assertThat(names.addresses("edge.localhost").getFirst().isLoopbackAddress()).isTrue();
        assertThat(server.asked).isEmpty();
    }
}
