package dev.culvert.edge.tunnel;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks a connection with a stream whether streams pass: every [#PERIOD], and after a [#TICK] of silence when streams
/// wait on it. Also while something comes: the other end counts on being asked, and where users only receive it hears
/// nothing else. As long as the answer is missing the connection is doubted; without any sign of life for
/// [#DEAD_AFTER] it is dead. Whatever comes on other streams is a sign too: on a slow line a probe waits behind what
/// users send.
///
/// Confined to its connection's event loop. Counts its own ticks, not the clock: a process that stood still
/// for a minute does not conclude that the other end did.
final class ConnectionProbe {
    static final Duration TICK = Duration.ofSeconds(2);
    static final Duration PERIOD = TICK.multipliedBy(2);

    /// A line that was gone for 20 seconds is only tried again after up to as long once more, by TCP and by QUIC.
    static final Duration DEAD_AFTER = TICK.multipliedBy(23);

    private static final byte[] CONTENT = {'c', 'u', 'l', 'v', 'e', 'r', 't', '?'};

    /// What becomes of the connection.
    interface Events {
        /// @param nanos from a probe's request to the end of its answer
        void roundTrip(long nanos);

        /// @param doubted whether other connections should be preferred from now on
        void doubted(boolean doubted);

        /// Told once.
        void dead();
    }

    private final Carrier carrier;
    private final EventLoop loop;
    private final Events events;
    private @Nullable Future<?> ticks;
    private boolean pending;
    private boolean doubted;
    private long heard;
    private long asked;

    /// Ticks without a sign of life, since the probe that waits or the last sign.
    private int silent;

    /// Ticks since the last probe.
    private int sinceAsked;

    /// Of a connection nobody uses: its control stream.
    private int idleLoad;

    ConnectionProbe(Carrier carrier, EventLoop loop, Events events) {
        this.carrier = carrier;
        this.loop = loop;
        this.events = events;
    }

    /// Sends the first one, later: the caller may have something to send before.
    void start() {
        idleLoad = carrier.load();
        loop.execute(this::ask);
        long tick = TICK.toMillis();
        ticks = loop.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (ticks != null) {
            ticks.cancel(false);
        }
    }

    private void tick() {
        sinceAsked++;
        boolean isHeard = carrier.heardOnStreams() != heard;
        if (isHeard) {
            alive();
        } else {
            silent++;
        }
        if (pending) {
            judge();
        } else {
            boolean isAwaited = !isHeard && carrier.load() > idleLoad;
            if (isAwaited || sinceAsked >= PERIOD.dividedBy(TICK)) {
                ask();
            }
        }
    }

    private void judge() {
        if (silent >= DEAD_AFTER.dividedBy(TICK)) {
            stop();
            events.dead();
        } else if (silent > 0) {
            doubt(true);
        }
    }

    private void ask() {
        if (!carrier.isOpen()) {
            return;
        }
        silent = 0;
        sinceAsked = 0;
        heard = carrier.heardOnStreams();
        pending = true;
        asked = System.nanoTime();
        Answer answer = new Answer();
        answer.edge = carrier.open(LivenessProbe.request(), answer, loop);
        answer.edge.data(Unpooled.wrappedBuffer(CONTENT), true);
    }

    private void answered() {
        if (pending) {
            pending = false;
            events.roundTrip(System.nanoTime() - asked);
        }
        alive();
    }

    private void alive() {
        heard = carrier.heardOnStreams();
        silent = 0;
        doubt(false);
    }

    private void doubt(boolean now) {
        if (now != doubted) {
            doubted = now;
            events.doubted(now);
        }
    }

    /// The near side of one probe. Whatever ends it is an answer: streams pass.
    private final class Answer implements StreamPeer {
        private @Nullable StreamPeer edge;

        @Override
        public void response(StreamResponse response, boolean end) {
            if (end) {
                answered();
            }
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            int size = bytes.readableBytes();
            bytes.release();
            if (edge != null) {
                edge.credit(size);
            }
            if (end) {
                answered();
            }
        }

        @Override
        public void trailers(HeaderList trailers) {
            answered();
        }

        @Override
        public void reset(StreamFault fault) {
            answered();
        }

        @Override
        public void credit(int bytes) {}
    }
}
