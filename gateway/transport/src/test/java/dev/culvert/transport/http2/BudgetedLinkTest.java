package dev.culvert.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// An edge with little memory, whose users stop reading what a connector sends.
@ExtendWith(NoLeaks.class)
final class BudgetedLinkTest {
    private static final int KIB = 1024;
    private static final int BUDGET = 1200 * KIB;

    private final EventLoops loops = new EventLoops("test", 1);
    private final EventLoop loop = loops.next();
    private final MemoryBudget budget = new MemoryBudget(BUDGET);
    private final SideTarget origin = new SideTarget();
    private final Http2Link edge =
            Http2Link.client(new TunnelHeads(), LinkLimits.TUNNEL, budget, CarrierEvents.NONE);
    private final Http2Link connector =
            Http2Link.server(
                    new TunnelHeads(),
                    LinkLimits.TUNNEL.withoutUnacknowledgedLimit(),
                    origin,
                    CarrierEvents.NONE);

    /// An answer on its way to a reader.
    private record Answer(Side reader, StreamPeer stream, Side origin) {}

    @BeforeEach
    void connect() throws Exception {
        Channel listener =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .childHandler(adding(edge))
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        new Bootstrap()
                .group(loops.group())
                .channel(loops.socketType())
                .handler(adding(connector))
                .connect(listener.localAddress())
                .sync();
        Eventually.until("edge ready", edge::isOpen);
        listener.close().sync();
    }

    private static ChannelHandler adding(Http2Link link) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(link);
            }
        };
    }

    @AfterEach
    void stop() {
        edge.abort();
        Eventually.until(
                "both ends closed",
                () ->
                        !edge.ctx().channel().isOpen()
                                && !connector.ctx().channel().isOpen()
                                && edge.load() == 0
                                && connector.load() == 0);
        loops.close();
    }

    private Answer open(boolean reading) {
        Side reader = new Side(loop);
        if (!reading) {
            reader.notReading();
        }
        StreamRequest request =
                new StreamRequest(
                        StreamKind.HTTP, "GET", "app.example", "/", new HeaderList(0), true);
        StreamPeer stream =
                loop.submit(
                                () -> {
                                    StreamPeer opened = edge.open(request, reader, loop);
                                    reader.meet(opened);
                                    return opened;
                                })
                        .syncUninterruptibly()
                        .getNow();
        Side served = origin.next().limit(4096 * KIB);
        served.respond(200, new HeaderList(0), false);
        return new Answer(reader, stream, served);
    }

    @Test
    void aStoppedReaderHoldsAWholeWindowWhileThereIsPlenty() {
        Answer answer = open(false);
        answer.origin().sendPattern(500 * KIB, 16 * KIB, true);
        answer.reader().awaitEnd();
        assertThat(budget.held()).isEqualTo(500 * KIB);
        answer.reader().resume();
        Eventually.until("all given back", () -> budget.held() == 0);
    }

    @Test
    void manyStoppedReadersStayWithinTheBudget() {
        List<Answer> stopped = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Answer answer = open(false);
            stopped.add(answer);
            answer.origin().sendPattern(2048 * KIB, 16 * KIB, true);
            Eventually.settled(answer.reader()::received);
        }
        assertThat(budget.held()).isBetween((long) BUDGET / 2, (long) BUDGET * 13 / 10);

        for (Answer answer : stopped) {
            answer.reader().resume();
        }
        for (Answer answer : stopped) {
            answer.reader().awaitEnd();
            assertThat(answer.reader().received()).isEqualTo(2048 * KIB);
            assertThat(answer.reader().patternBroken()).isFalse();
            assertThat(answer.reader().faults()).isEmpty();
        }
        Eventually.until("all given back", () -> budget.held() == 0);
    }

    @Test
    void aReaderGoesOnBesideStoppedOnes() {
        Answer stopped = open(false);
        stopped.origin().sendPattern(2048 * KIB, 16 * KIB, true);
        Eventually.settled(stopped.reader()::received);
        Answer reading = open(true);
        reading.origin().sendPattern(4096 * KIB, 16 * KIB, true);
        reading.reader().awaitEnd();
        assertThat(reading.reader().received()).isEqualTo(4096 * KIB);
        assertThat(reading.reader().patternBroken()).isFalse();
    }

    @Test
    void windowsAreWholeAgainWhenMemoryIsFree() {
        Answer first = open(false);
        first.origin().sendPattern(2048 * KIB, 16 * KIB, true);
        Eventually.settled(first.reader()::received);
        first.reader().resume();
        first.reader().awaitEnd();
        Eventually.until("all given back", () -> budget.held() == 0);

        Answer second = open(false);
        second.origin().sendPattern(500 * KIB, 16 * KIB, false);
        second.reader().awaitReceived(500 * KIB);
    }

    @Test
    void anAnswerEndsInOrderAfterTheWindowShrankBelowWhatIsUnderWay() {
        Answer answer = open(false);
        answer.origin().sendPattern(700 * KIB, 16 * KIB, false);
        answer.reader().awaitReceived(700 * KIB);
        // Half of the budget is used: a smaller window is announced. A new stream's head is behind
        // it.
        open(true);
        answer.origin().send("", true);
        answer.reader().resume();
        answer.reader().awaitEnd();
        assertThat(answer.reader().faults()).isEmpty();
    }

    @Test
    void aResetGivesEverythingBack() {
        Answer answer = open(false);
        answer.origin().sendPattern(700 * KIB, 16 * KIB, false);
        answer.reader().awaitReceived(700 * KIB);
        answer.reader().sendReset(StreamFault.cancelled("the user left"));
        Eventually.until("all given back", () -> budget.held() == 0);
    }

    @Test
    void aLostConnectionGivesEverythingBack() {
        Answer answer = open(false);
        answer.origin().sendPattern(700 * KIB, 16 * KIB, false);
        answer.reader().awaitReceived(700 * KIB);
        edge.abort();
        answer.reader().awaitFault();
        assertThat(budget.held()).isZero();
    }
}
