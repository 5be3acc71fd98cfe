package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.stream.HeaderList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds for a plugin that answers requests itself.
@ParameterizedClass
@EnumSource(Arrangement.class)
@ExtendWith(LeakCheck.class)
public abstract class ServedHttpContract {
    private static final int MANY = 50;

    @Parameter Arrangement arrangement = Arrangement.DIRECT;

    private @Nullable Bench bench;

    protected abstract OriginPlugin plugin();

    /// As in a configuration file.
    protected abstract String service();

    /// A path that is answered with 200.
    protected String path() {
        return "/";
    }

    @BeforeEach
    final void start() throws Exception {
        Origin origin = Origins.configure(plugin(), service(), OriginRequest.DEFAULT);
        assertThat(origin).isInstanceOf(ServedHttpOrigin.class);
        bench = new Bench(arrangement, origin);
    }

    @AfterEach
    final void nothingIsLeft() throws Exception {
        bench().close();
    }

    private Bench bench() {
        return Objects.requireNonNull(bench);
    }

    @Test
    void answersWithoutASocket() {
        TunnelStream stream = bench().get(path());

        assertThat(stream.awaitResponse().failure()).isNull();
        assertThat(stream.awaitResponse().status()).isEqualTo(200);
        byte[] body = stream.awaitEnd();
        String length = stream.awaitResponse().headers().first("content-length");
        if (length != null) {
            assertThat(body).hasSize(Integer.parseInt(length));
        }
        bench().awaitNoStreams();
    }

    @Test
    void answersManyAtOnce() {
        TunnelStream[] streams = new TunnelStream[MANY];
        for (int i = 0; i < MANY; i++) {
            streams[i] = bench().get(path());
        }
        for (TunnelStream stream : streams) {
            assertThat(stream.awaitResponse().status()).isEqualTo(200);
            stream.awaitEnd();
        }
        bench().awaitNoStreams();
    }

    @Test
    void aBodyNobodyReadsHoldsNothingUp() {
        TunnelStream stream = bench().request("POST", path(), new HeaderList(2), false);
        stream.sendUntilStopped(new byte[64 * 1024]);

        assertThat(stream.awaitResponse().status()).isBetween(200, 499);
        stream.awaitEnd();
        bench().awaitNoStreams();
    }

    @Test
    void aCallerThatLeavesLeavesNothing() {
        for (int i = 0; i < MANY; i++) {
            bench().get(path()).reset();
        }
        bench().awaitNoStreams();
    }

    @Test
    void answersGoOnWhileTheConnectorDrains() {
        TunnelStream stream = bench().request("POST", path(), new HeaderList(2), false);
        // A stream the connector has not seen when it announces its end is not an open one.
        Deadline.await(
                "the connector has the stream", () -> bench().openStreams() > 0 || stream.isOver());
        bench().drain();
        stream.end();

        assertThat(stream.awaitResponse().status()).isBetween(200, 499);
        stream.awaitEnd();
        bench().awaitDrained();
    }
}
