package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DoorsTest {
    private final Doors doors = new Doors();

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private List<Doors.Place> fill(String network, int count) throws Exception {
        List<Doors.Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(doors.take(address(network)));
        }
        return places;
    }

    @Test
    void aNetworkHasSoManyWhosePeopleAreNotKnown() throws Exception {
        List<Doors.Place> places = fill("192.0.2.1", Doors.MAX_UNKNOWN_OF_ONE_NETWORK);
        assertThatThrownBy(() -> doors.take(address("192.0.2.1")))
                .isInstanceOf(Doors.FullException.class);
        doors.take(address("192.0.2.2"));
        places.getFirst().known();
        places.getFirst().known();
        doors.take(address("192.0.2.1"));
        assertThatThrownBy(() -> doors.take(address("192.0.2.1")))
                .isInstanceOf(Doors.FullException.class);
        places.getLast().close();
        places.getLast().close();
        doors.take(address("192.0.2.1"));
        assertThatThrownBy(() -> doors.take(address("192.0.2.1")))
                .isInstanceOf(Doors.FullException.class);
    }

    @Test
    void addressesOfOneV6NetworkAreOne() throws Exception {
        for (int i = 0; i < Doors.MAX_UNKNOWN_OF_ONE_NETWORK; i++) {
            doors.take(address("2001:db8::" + Integer.toHexString(i)));
        }
        assertThatThrownBy(() -> doors.take(address("2001:db8::ffff")))
                .isInstanceOf(Doors.FullException.class);
        doors.take(address("2001:db8:0:1::1"));
    }

    @Test
    void aNetworkHasSoManyInAll() throws Exception {
        for (int i = 0; i < Doors.MAX_OF_ONE_NETWORK; i++) {
            doors.take(address("192.0.2.1")).known();
        }
        assertThatThrownBy(() -> doors.take(address("192.0.2.1")))
                .isInstanceOf(Doors.FullException.class);
    }

    @Test
    void whatWasGivenBackIsForgotten() throws Exception {
        for (int i = 0; i < 10 * Doors.MAX; i++) {
            doors.take(address("192.0.2." + i % 250)).close();
        }
        assertThat(fill("192.0.2.1", Doors.MAX_UNKNOWN_OF_ONE_NETWORK)).isNotEmpty();
    }
}
