package dev.culvert.edge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.testing.IdleCarrier;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The clock is the test's.
@ExtendWith(NoLeaks.class)
final class ConnectionProbeTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Line line = new Line(channel.eventLoop());
    private final List<Boolean> doubts = new ArrayList<>();
    private final List<Long> roundTrips = new ArrayList<>();
    private int died;
    private final ConnectionProbe probe =
            new ConnectionProbe(
                    line,
                    channel.eventLoop(),
                    new ConnectionProbe.Events() {
                        @Override
                        public void roundTrip(long nanos) {
                            roundTrips.add(nanos);
                        }

                        @Override
                        public void doubted(boolean doubted) {
                            doubts.add(doubted);
                        }

                        @Override
                        public void dead() {
                            died++;
                        }
                    });

    @AfterEach
    void close() {
        probe.stop();
        channel.close();
    }

    private static final class Line extends IdleCarrier {
        final List<StreamRequest> asked = new ArrayList<>();
        final List<StreamPeer> callers = new ArrayList<>();
        final List<Side> sides = new ArrayList<>();
        long heard;
        int load = 1;
        boolean open = true;

        Line(EventLoop loop) {
            super(loop);
        }

        StreamPeer last() {
            return callers.getLast();
        }

        @Override
        public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop on) {
            asked.add(request);
            callers.add(caller);
            Side side = new Side(on).meet(caller);
            sides.add(side);
            return side;
        }

        @Override
        public long heardOnStreams() {
            return heard;
        }

        @Override
        public int load() {
            return load;
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }

    /// Tick by tick: the next one is planned when the last has run.
    private void pass(Duration time) {
        channel.runPendingTasks();
        for (Duration left = time; left.isPositive(); left = left.minus(ConnectionProbe.TICK)) {
            long step = Math.min(left.toNanos(), ConnectionProbe.TICK.toNanos());
            channel.advanceTimeBy(step, TimeUnit.NANOSECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
        }
    }

    private void answerLast() {
        line.last().response(StreamResponse.of(200, new HeaderList(0)), false);
        line.last().data(Unpooled.copiedBuffer("culvert?", StandardCharsets.UTF_8), true);
    }

    @Test
    void asksAtOnceAndAgainEachPeriod() {
        probe.start();
        channel.runPendingTasks();
        for (int i = 1; i <= 4; i++) {
            assertThat(line.asked).hasSize(i).allMatch(LivenessProbe::is);
            assertThat(line.sides.getLast().text()).isEqualTo("culvert?");
            answerLast();
            assertThat(line.sides.getLast().credited()).isEqualTo(8);
            pass(ConnectionProbe.PERIOD);
        }
        assertThat(roundTrips).hasSize(4).allMatch(nanos -> nanos >= 0);
        assertThat(died).isZero();
    }

    @Test
    void withoutAnAnswerTheConnectionIsDoubtedThenDead() {
        probe.start();
        pass(ConnectionProbe.TICK.minusMillis(1));
        assertThat(doubts).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(doubts).containsExactly(true);
        pass(ConnectionProbe.DEAD_AFTER.minus(ConnectionProbe.TICK).minusMillis(1));
        assertThat(died).isZero();
        pass(Duration.ofMillis(1));
        assertThat(died).isEqualTo(1);
        pass(ConnectionProbe.DEAD_AFTER.multipliedBy(3));
        assertThat(died).isEqualTo(1);
        assertThat(line.asked).hasSize(1);
    }

    @Test
    void anOutageOfTwentySecondsIsForgottenWithTheAnswer() {
        probe.start();
        // After 20 seconds TCP may wait as long again.
        pass(Duration.ofSeconds(40));
        answerLast();
        assertThat(doubts).containsExactly(true, false);
        pass(ConnectionProbe.PERIOD);
        assertThat(line.asked).hasSize(2);
        assertThat(died).isZero();
    }

    @Test
    void whileStreamsWaitTheQuestionComesSooner() {
        probe.start();
        channel.runPendingTasks();
        answerLast();
        line.load++;
        pass(ConnectionProbe.TICK);
        assertThat(line.asked).hasSize(2);
    }

    @Test
    void aHeadAloneIsNoAnswer() {
        probe.start();
        channel.runPendingTasks();
        line.last().response(StreamResponse.of(200, new HeaderList(0)), false);
        pass(ConnectionProbe.DEAD_AFTER);
        assertThat(died).isEqualTo(1);
    }

    @Test
    void whileOtherStreamsGoOnAProbeMayWait() {
        probe.start();
        for (int i = 0; i < 50; i++) {
            channel.runPendingTasks();
            line.heard++;
            pass(ConnectionProbe.TICK);
        }
        assertThat(doubts).isEmpty();
        assertThat(died).isZero();
        assertThat(line.asked).as("one at a time").hasSize(1);
        pass(ConnectionProbe.DEAD_AFTER);
        assertThat(died).isEqualTo(1);
    }

    /// Who only sends hears of us by probes alone, and takes us for gone without.
    @Test
    void whoGoesOnSendingIsAskedAllTheSame() {
        probe.start();
        channel.runPendingTasks();
        for (int i = 1; i <= 10; i++) {
            assertThat(line.asked).hasSize(i);
            answerLast();
            line.heard++;
            pass(ConnectionProbe.TICK);
            assertThat(line.asked).hasSize(i);
            line.heard++;
            pass(ConnectionProbe.TICK);
        }
        assertThat(doubts).isEmpty();
    }

    @Test
    void aResetIsAnAnswerToo() {
        probe.start();
        channel.runPendingTasks();
        line.last().reset(StreamFault.refused("overloaded"));
        pass(ConnectionProbe.PERIOD);
        assertThat(died).isZero();
        assertThat(line.asked).hasSize(2);
    }

    @Test
    void aConnectionThatTakesNoStreamsIsNotAsked() {
        line.open = false;
        probe.start();
        pass(ConnectionProbe.DEAD_AFTER.multipliedBy(3));
        assertThat(line.asked).isEmpty();
        assertThat(died).isZero();
    }
}
