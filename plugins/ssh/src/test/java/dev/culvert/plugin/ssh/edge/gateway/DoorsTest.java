package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DoorsTest {
    private static final int MOST = Doors.MAX_IN_LOBBY;

    private final Doors doors = new Doors();

    /// Addresses of connections that were given up.
    private final List<String> ended = new ArrayList<>();

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private Doors.Place take(String address) throws Doors.FullException {
        return doors.take(address(address), () -> ended.add(address));
    }

    private List<Doors.Place> fill(String network, int count) throws Exception {
        List<Doors.Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(take(network));
        }
        return places;
    }

    @Test
    void aNetworkHasSoManyWhosePeopleAreNotKnown() throws Exception {
        List<Doors.Place> places = fill("192.0.2.1", Doors.MAX_UNKNOWN_OF_ONE_NETWORK);
        assertThatThrownBy(() -> take("192.0.2.1")).isInstanceOf(Doors.FullException.class);
        take("192.0.2.2");
        places.getFirst().known("ann", MOST);
        places.getFirst().known("ann", MOST);
        take("192.0.2.1");
        assertThatThrownBy(() -> take("192.0.2.1")).isInstanceOf(Doors.FullException.class);
        places.getLast().close();
        places.getLast().close();
        take("192.0.2.1");
        assertThatThrownBy(() -> take("192.0.2.1")).isInstanceOf(Doors.FullException.class);
    }

    @Test
    void addressesOfOneV6NetworkAreOne() throws Exception {
        for (int i = 0; i < Doors.MAX_UNKNOWN_OF_ONE_NETWORK; i++) {
            take("2001:db8::" + Integer.toHexString(i));
        }
        assertThatThrownBy(() -> take("2001:db8::ffff")).isInstanceOf(Doors.FullException.class);
        take("2001:db8:0:1::1");
    }

    @Test
    void aNetworkHasSoManyInAll() throws Exception {
        for (int i = 0; i < Doors.MAX_OF_ONE_NETWORK; i++) {
            take("192.0.2.1").known("person-" + i, MOST);
        }
        assertThatThrownBy(() -> take("192.0.2.1")).isInstanceOf(Doors.FullException.class);
    }

    @Test
    void aPersonHasSoMany() throws Exception {
        List<Doors.Place> places = fill("192.0.2.1", 2);
        for (int i = 0; i < MOST - 1; i++) {
            assertThat(take("198.51.100." + i).known("ann", MOST)).isTrue();
        }
        assertThat(places.getFirst().known("ann", MOST)).isTrue();
        assertThat(places.getLast().known("ann", MOST)).isFalse();
        assertThat(take("192.0.2.2").known("bob", MOST)).isTrue();
        places.getFirst().close();
        places.getFirst().close();
        assertThat(places.getLast().known("ann", MOST)).isTrue();
        assertThat(take("192.0.2.3").known("ann", MOST)).isFalse();
    }

    @Test
    void whenStrangersHaveFilledItTheNetworkThatHasMostGivesUpItsOldest() throws Exception {
        List<Doors.Place> crowd = fill("192.0.2.1", 3);
        crowd.removeFirst().known("ann", MOST);
        for (int i = 2; i < Doors.MAX_UNKNOWN; i++) {
            take("10.0." + i / 250 + "." + i % 250);
        }
        assertThat(ended).isEmpty();
        take("192.0.2.2");
        assertThat(ended).containsExactly("192.0.2.1");
        assertThat(crowd.getFirst().known("ann", MOST)).as("the oldest stranger is out").isFalse();
        crowd.getFirst().close();
        assertThat(crowd.getLast().known("ann", MOST)).isTrue();
        take("192.0.2.3");
        assertThat(ended).hasSize(1);
        take("192.0.2.4");
        assertThat(ended).containsExactly("192.0.2.1", "10.0.0.2");
    }

    @Test
    void whatWasGivenBackIsForgotten() throws Exception {
        for (int i = 0; i < 10 * Doors.MAX; i++) {
            take("192.0.2." + i % 250).close();
        }
        assertThat(fill("192.0.2.1", Doors.MAX_UNKNOWN_OF_ONE_NETWORK)).isNotEmpty();
    }
}
