package dev.culvert.transport.served;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
@Timeout(120)
final class ServedTargetTest {
    private final EventLoops loops = new EventLoops("served", 1);

    @AfterEach
    void stop() {
        loops.close();
    }

    private Side open(HttpHandler handler) {
        var loop = loops.next();
        Side caller = new Side(loop);
        ServedTarget target = new ServedTarget("test", handler);
        StreamRequest request =
                new StreamRequest(StreamKind.HTTP, "POST", "a", "/", new HeaderList(), false);
        caller.onLoop(() -> caller.meet(target.open(request, caller, loop)));
        return caller;
    }

    @Test
    void echoesABodyOfAnySizeUnderBackPressure() {
        Side caller =
                open(exchange -> {
                    try (var out = exchange.respond(200, new HeaderList())) {
                        exchange.body().transferTo(out);
                    }
                });
        caller.sendPattern(3_000_000, 16 * 1024, true);
        caller.awaitEnd();
        assertThat(caller.received()).isEqualTo(3_000_000);
        assertThat(caller.patternBroken()).isFalse();
        assertThat(caller.breaches()).isEmpty();
    }

    @Test
    void aHandlerThatFailsInTheMiddleOfItsAnswerResetsTheStream() {
        Side caller =
                open(exchange -> {
                    exchange.respond(200, new HeaderList()).write(new byte[10]);
                    throw new IOException("a test");
                });
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.INTERNAL);
        assertThat(caller.ended()).isFalse();
    }

    @Test
    void aHandlerThatFailsBeforeItsAnswerIsA500() {
        Side caller =
                open(exchange -> {
                    throw new IOException("a test");
                });
        assertThat(caller.awaitResponse().status()).isEqualTo(500);
        caller.awaitEnd();
        assertThat(caller.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
    }
}
