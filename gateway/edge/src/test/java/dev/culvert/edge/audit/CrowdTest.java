package dev.culvert.edge.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.MovableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private final MovableClock clock = new MovableClock();
    private final Crowd crowd = new Crowd(clock);

    private static AuditEvent denied(String address) {
        return AuditEvent.of(AuditEvent.Kind.DECISION, "anyone", "denied")
                .application("wiki", "wiki.example.com")
                .from(address, "NL")
                .build();
    }

    private static AuditEvent failed(String address) {
        return AuditEvent.of(AuditEvent.Kind.SIGN_IN, "ann@example.com", "failed")
                .from(address, null)
                .build();
    }

    private int admitted(AuditEvent event, int times) {
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            admitted += crowd.admits(event) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void aNetworkHasSomeAtOnceAndThenOneASecond() {
        assertThat(admitted(denied("192.0.2.7"), 1000)).isEqualTo(Crowd.AT_ONCE);
        clock.move(Duration.ofSeconds(3));
        assertThat(admitted(denied("192.0.2.7"), 1000)).isEqualTo(3);
        clock.move(Duration.ofHours(1));
        assertThat(admitted(denied("192.0.2.7"), 1000)).isEqualTo(Crowd.AT_ONCE);
    }

    @Test
    void oneNetworkTakesNothingFromAnotherNorRefusalsFromFailures() {
        admitted(denied("192.0.2.7"), 1000);
        assertThat(admitted(denied("192.0.2.8"), 1)).isEqualTo(1);
        assertThat(admitted(failed("192.0.2.7"), 1)).isEqualTo(1);
    }

    @Test
    void theAddressesOfOneIpv6NetworkAreOne() {
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            admitted += admitted(denied("2001:db8::" + Integer.toHexString(i)), 1);
        }
        assertThat(admitted).isEqualTo(Crowd.AT_ONCE);
    }

    @Test
    void whatIsBeyondIsOneEventThatSaysHowMany() {
        admitted(denied("192.0.2.7"), Crowd.AT_ONCE + 40);
        admitted(failed("192.0.2.8"), Crowd.AT_ONCE + 2);
        admitted(failed("192.0.2.9"), Crowd.AT_ONCE);
        assertThat(crowd.takeCounts())
                .containsExactlyInAnyOrder(
                        AuditEvent.of(AuditEvent.Kind.DECISION, "anyone", "denied")
                                .from("192.0.2.7", "NL")
                                .detail("more", 40)
                                .build(),
                        AuditEvent.of(AuditEvent.Kind.SIGN_IN, "anyone", "failed")
                                .from("192.0.2.8", null)
                                .detail("more", 2)
                                .build());
        assertThat(crowd.takeCounts()).isEmpty();
        admitted(denied("192.0.2.7"), 5);
        assertThat(crowd.takeCounts())
                .extracting(AuditEvent::detail)
                .isEqualTo(List.of("{\"more\":5}"));
    }

    @Test
    void networksThatAreNotToldApartShareOneAllowanceUntilOthersAreQuiet() {
        for (int i = 0; i < Crowd.MAX_SOURCES; i++) {
            admitted(denied("10.0." + i / 256 + "." + i % 256), 1);
        }
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            admitted += admitted(denied("10.1." + i / 256 + "." + i % 256), 1);
        }
        assertThat(admitted).isEqualTo(Crowd.AT_ONCE);
        assertThat(crowd.takeCounts())
                .containsExactly(
                        AuditEvent.of(AuditEvent.Kind.DECISION, "anyone", "denied")
                                .detail("more", 1000 - Crowd.AT_ONCE)
                                .build());
        clock.move(Duration.ofMinutes(1));
        crowd.takeCounts();
        assertThat(admitted(denied("10.1.0.1"), 1000)).isEqualTo(Crowd.AT_ONCE);
        assertThat(admitted(denied("10.1.0.2"), 1000)).isEqualTo(Crowd.AT_ONCE);
    }
}
