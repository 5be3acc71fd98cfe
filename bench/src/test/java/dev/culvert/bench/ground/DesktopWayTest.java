package dev.culvert.bench.ground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.bench.ground.DesktopWay.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DesktopWayTest {
    private static DesktopWay.Application application(Kind kind, String host, int sessions) {
        return new DesktopWay.Application(
                kind, Endpoint.plain(host, 1), "user", "password", "", sessions);
    }

    private static final DesktopWay WAY =
            new DesktopWay(
                    List.of(
                            application(Kind.GUACD_RDP, "first", 2),
                            application(Kind.GUACD_VNC, "vnc", 100),
                            application(Kind.GUACD_RDP, "second", 2)),
                    Path.of("/authority"),
                    new Family(1));

    @Test
    void fillsAHostBeforeTheNextWithScreensThatDiffer() {
        assertThat(WAY.seats(Kind.GUACD_RDP, 3))
                .extracting(seat -> seat.application().endpoint().host() + " " + seat.width())
                .containsExactly("first 1024", "first 1032", "second 1024");
    }

    @Test
    void rejectsMoreThanThereArePlaces() {
        assertThatThrownBy(() -> WAY.seats(Kind.GUACD_RDP, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("5 sessions of GUACD_RDP (expected: at most 4)");
    }
}
