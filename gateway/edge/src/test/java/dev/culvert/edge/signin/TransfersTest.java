package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TransfersTest {
    private static final Transfers.Asker ANN = new Transfers.Asker("192.0.2.7", "access/1");

    private final Transfers transfers = new Transfers(new MovableClock());

    @Test
    void whatWasConfirmedBeforeAnybodyWaitsIsTakenOnce() throws Exception {
        assertThat(transfers.asker("key")).isNull();
        transfers.refuse("key");
        assertThat(transfers.await("key", ANN, Duration.ZERO))
                .isEqualTo(new Transfers.Arrived.Refused());
        assertThat(transfers.await("key", ANN, Duration.ZERO)).isNull();
    }

    @Test
    void whoAskedFirstIsRemembered() throws Exception {
        transfers.await("key", ANN, Duration.ZERO);
        transfers.await("key", new Transfers.Asker("198.51.100.9", "other"), Duration.ZERO);
        assertThat(transfers.asker("key")).isEqualTo(ANN);
    }

    @Test
    void aFloodFromOneNetworkEndsNobodyElsesWait() throws Exception {
        transfers.await("key", ANN, Duration.ZERO);
        Transfers.Asker flood = new Transfers.Asker("198.51.100.9", "flood");
        for (int i = 0; i < 5_000; i++) {
            transfers.await("flood " + i, flood, Duration.ZERO);
        }
        assertThat(transfers.asker("key")).isEqualTo(ANN);
    }

    @Test
    void littleIsKeptOfALongUserAgent() {
        assertThat(new Transfers.Asker("192.0.2.7", "x".repeat(60_000)).agent()).hasSize(200);
    }
}
