package dev.culvert.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.NoLeaks;
import dev.culvert.transport.testing.Side;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Small pieces in [ByteQueue] and [LoopCrossing].
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class JoinedBytesTest {
    @Test
    void aQueueJoinsSmallPieces() {
        ByteQueue queue = new ByteQueue();
        for (int i = 0; i < 100_000; i++) {
            queue.add(Unpooled.wrappedBuffer(new byte[] {Side.pattern(i)}));
        }
        assertThat(queue.readableBytes()).isEqualTo(100_000);
        int buffers = 0;
        int at = 0;
        for (ByteBuf next = queue.poll(); next != null; next = queue.poll()) {
            buffers++;
            while (next.isReadable()) {
                assertThat(next.readByte()).isEqualTo(Side.pattern(at++));
            }
            next.release();
            assertThat(next.refCnt()).isZero();
        }
        assertThat(at).isEqualTo(100_000);
        assertThat(buffers).isLessThanOrEqualTo(100_000 / (ByteQueue.JOINED / 2) + 2);
    }

    @Test
    void aQueueNeverWritesIntoABufferItWasGiven() {
        ByteBuf shared = Unpooled.buffer(64, ByteQueue.JOINED).writeBytes(new byte[] {1, 2, 3, 4});
        ByteQueue queue = new ByteQueue();
        queue.add(shared.retainedDuplicate().writerIndex(2));
        queue.add(Unpooled.wrappedBuffer(new byte[] {9}));
        assertThat(shared.getByte(2)).isEqualTo((byte) 3);
        queue.clear();
        assertThat(shared.refCnt()).isEqualTo(1);
        shared.release();
    }

    @Test
    void aCrossingJoinsSmallPiecesWhileTheOtherLoopIsBusyAndKeepsTheirOrder() throws Exception {
        try (EventLoops loops = new EventLoops("crossing", 2)) {
            var near = loops.next();
            var distant = loops.next();
            Side caller = new Side(near);
            Side served = new Side(distant);
            int[] calls = new int[1];
            StreamTarget target =
                    (request, peer, loop) -> {
                        served.meet(peer);
                        return new Counting(served, calls);
                    };
            CountDownLatch busy = new CountDownLatch(1);
            distant.execute(() -> {
                try {
                    busy.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            StreamRequest request =
                    new StreamRequest(StreamKind.HTTP, "GET", "a", "/", new HeaderList(), false);
            near.execute(
                    () -> caller.meet(LoopCrossing.open(request, caller, near, target, distant)));
            caller.sendPattern(100_000, 1, false);
            caller.onLoop(() -> {});
            Eventually.until("all sent", () -> caller.sent() == 100_000);
            caller.send("", true);
            caller.sendReset(StreamFault.notRead());
            near.submit(() -> {}).sync();
            busy.countDown();
            assertThat(served.awaitFault().kind()).isEqualTo(StreamFault.Kind.NOT_READ);
            assertThat(served.received()).isEqualTo(100_000);
            assertThat(served.patternBroken()).isFalse();
            assertThat(served.ended()).isTrue();
            assertThat(calls[0]).isLessThan(LoopCrossing.JOIN_BEYOND + 20);
            caller.awaitCredited(100_000);
            assertThat(caller.breaches()).isEmpty();
            assertThat(served.breaches()).isEmpty();
        }
    }

    /// Counts calls of `data`.
    private record Counting(StreamPeer next, int[] calls) implements StreamPeer {
        @Override
        public void response(dev.culvert.protocols.stream.StreamResponse response, boolean end) {
            next.response(response, end);
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            calls[0]++;
            next.data(bytes, end);
        }

        @Override
        public void trailers(HeaderList trailers) {
            next.trailers(trailers);
        }

        @Override
        public void reset(StreamFault fault) {
            next.reset(fault);
        }

        @Override
        public void credit(int bytes) {
            next.credit(bytes);
        }
    }
}
