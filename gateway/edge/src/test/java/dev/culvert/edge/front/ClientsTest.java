package dev.culvert.edge.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientsTest {
    @Test
    void countsConnectionsByAddressAndForgetsClientsThatHaveNoneLeft() {
        Clients clients = new Clients(2, 1);
        assertThat(clients.connect("192.0.2.1")).isTrue();
        assertThat(clients.connect("192.0.2.1")).isTrue();
        assertThat(clients.connect("192.0.2.1")).isFalse();
        assertThat(clients.connect("192.0.2.2")).isTrue();
        clients.disconnect("192.0.2.1");
        assertThat(clients.connect("192.0.2.1")).isTrue();
        clients.disconnect("192.0.2.1");
        clients.disconnect("192.0.2.1");
        clients.disconnect("192.0.2.2");
        assertThat(clients.size()).isZero();
    }

    @Test
    void theAddressesOfASlash64AreOneClient() {
        Clients clients = new Clients(1, 1);
        assertThat(clients.connect("2001:db8::1")).isTrue();
        assertThat(clients.connect("2001:db8::ffff:ffff:ffff:ffff")).isFalse();
        assertThat(clients.connect("2001:db8:0:1::1")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "2001:0DB8:0:0:0:0:0:1, 2001:db8::1",
        "::1, ::1",
        "fe80::1%1, fe80::1"
    })
    void writesAddressesAsRfc5952Says(String address, String text) throws Exception {
        assertThat(Clients.text(InetAddress.getByName(address))).isEqualTo(text);
    }
}
