package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admission.Gate;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The description of an application that command lines ask for.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class MetadataTest {
    private static final String WIKI = "wiki.example.com";
    private static final String HOME = "192.0.2.7";
    private static final String FLOOD = "198.51.100.9";

    @TempDir Path temp;
    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        gate = new Gate(temp);
    }

    @AfterEach
    void close() throws Exception {
        gate.close();
    }

    private StreamResponse ask(String authority, String address) {
        Side side =
                gate.send(
                        Gate.request("HEAD", authority, "/", "cf-access-metadata-request", "true"),
                        address);
        side.awaitEnd();
        return side.awaitResponse();
    }

    @Test
    void isSignedOnceAndKeptForAnHour() {
        String first = ask(WIKI, HOME).headers().first("cf-access-metadata");
        assertThat(first).isNotNull();
        gate.clock.pass(Duration.ofMinutes(50));
        assertThat(ask(WIKI, FLOOD).headers().first("cf-access-metadata")).isEqualTo(first);
        gate.clock.pass(Duration.ofMinutes(20));
        assertThat(ask(WIKI, HOME).headers().first("cf-access-metadata")).isNotEqualTo(first);
    }

    @Test
    void aNetworkThatAsksUnderManyPortsIsToldToWaitAndNobodyElseIs() {
        List<Integer> statuses =
                IntStream.rangeClosed(1, 120)
                        .mapToObj(port -> ask(WIKI + ":" + port, FLOOD).status())
                        .toList();
        assertThat(statuses.subList(0, 60)).containsOnly(200);
        assertThat(statuses).contains(429);
        assertThat(ask(WIKI + ":1", FLOOD).status()).isEqualTo(200);
        assertThat(ask(WIKI + ":8443", HOME).status()).isEqualTo(200);
        gate.clock.pass(Duration.ofSeconds(10));
        assertThat(ask(WIKI + ":9443", FLOOD).status()).isEqualTo(200);
    }
}
