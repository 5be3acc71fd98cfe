package dev.culvert.connector.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
@Timeout(120)
final class ProbeEchoTest {
    private final EventLoops loops = new EventLoops("probe", 1);
    private final List<String> matched = new ArrayList<>();
    private final StreamRouter router =
            new StreamRouter(
                    (host, path) -> {
                        matched.add(host);
                        return null;
                    },
                    10);

    @AfterEach
    void close() {
        loops.close();
    }

    private Side probe() throws Exception {
        EventLoop loop = loops.next();
        Side edge = new Side(loop);
        loop.submit(() -> edge.meet(router.open(LivenessProbe.request(), edge, loop))).sync();
        return edge;
    }

    @Test
    void echoesAProbeWithoutAskingTheRules() throws Exception {
        Side edge = probe();
        edge.send("culvert?", true);
        edge.awaitEnd();
        assertThat(edge.awaitResponse().status()).isEqualTo(200);
        assertThat(edge.text()).isEqualTo("culvert?");
        edge.awaitCredited(8);
        assertThat(edge.breaches()).isEmpty();
        assertThat(matched).isEmpty();
        assertThat(router.openStreams()).isZero();
    }

    @Test
    void resetsAProbeThatIsTooLong() throws Exception {
        Side edge = probe();
        edge.send("x".repeat(LivenessProbe.MAX_BYTES), false);
        edge.send("y", false);
        assertThat(edge.awaitFault().kind()).isEqualTo(StreamFault.protocol("").kind());
        edge.send("after", true);
        assertThat(edge.breaches()).isEmpty();
    }
}
