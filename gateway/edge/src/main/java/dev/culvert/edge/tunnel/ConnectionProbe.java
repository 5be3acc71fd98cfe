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

/// Asks a connection with a stream whether streams pass, every [#PERIOD]. A probe without an answer for
/// one period means that it is dead, unless other streams went on meanwhile: on a slow line a probe waits
/// behind what users send.
///
/// Confined to its connection's event loop.
final class ConnectionProbe {
    static final Duration PERIOD = Duration.ofSeconds(10);
    private static final byte[] CONTENT = {'c', 'u', 'l', 'v', 'e', 'r', 't', '?'};

    private final Carrier carrier;
    private final EventLoop loop;
    private final Runnable dead;
    private @Nullable Future<?> ticks;
    private boolean pending;
    private long heard;

    /// @param dead told once
    ConnectionProbe(Carrier carrier, EventLoop loop, Runnable dead) {
        this.carrier = carrier;
        this.loop = loop;
        this.dead = dead;
    }

    /// Sends the first one, later: the caller may have something to send before.
    void start() {
        loop.execute(this::tick);
        long period = PERIOD.toMillis();
        ticks = loop.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (ticks != null) {
            ticks.cancel(false);
        }
    }

    private void tick() {
        long now = carrier.heardOnStreams();
        if (!pending) {
            if (carrier.isOpen()) {
                heard = now;
                pending = true;
                Answer answer = new Answer();
                answer.edge = carrier.open(LivenessProbe.request(), answer, loop);
                answer.edge.data(Unpooled.wrappedBuffer(CONTENT), true);
            }
        } else if (now != heard) {
            heard = now;
        } else {
            stop();
            dead.run();
        }
    }

    /// The near side of one probe. Whatever ends it is an answer: streams pass.
    private final class Answer implements StreamPeer {
        private @Nullable StreamPeer edge;

        @Override
        public void response(StreamResponse response, boolean end) {
            if (end) {
                pending = false;
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
                pending = false;
            }
        }

        @Override
        public void trailers(HeaderList trailers) {
            pending = false;
        }

        @Override
        public void reset(StreamFault fault) {
            pending = false;
        }

        @Override
        public void credit(int bytes) {}
    }
}
