package dev.culvert.transport.testing;

import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Gives every stream opened to it to the test as a [Side]. Thread-safe.
public final class SideTarget implements StreamTarget {
    private final Queue<Side> opened = new ConcurrentLinkedQueue<>();
    private volatile boolean reading = true;

    /// From now on sides are opened that withhold credit.
    public void stopReading() {
        reading = false;
    }

    public void startReading() {
        reading = true;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        Side side = new Side(loop).of(request).meet(caller);
        if (!reading) {
            side.notReading();
        }
        opened.add(side);
        return side;
    }

    public Side next() {
        Eventually.until("a stream opened to the target", () -> !opened.isEmpty());
        return opened.remove();
    }

    public int waiting() {
        return opened.size();
    }
}
