package dev.culvert.transport.testing;

import dev.culvert.transport.Carrier;
import io.netty.channel.EventLoop;
import java.time.Duration;

/// A connection that is open and does nothing by itself; what becomes of streams is the test's to say.
public abstract class IdleCarrier implements Carrier {
    private final EventLoop loop;

    protected IdleCarrier(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public String protocol() {
        return "test";
    }

    @Override
    public int load() {
        return 0;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void drain(Duration deadline) {}

    @Override
    public void abort() {}

    @Override
    public void stopOpening() {}

    @Override
    public void peerRefillsItsWindow() {}
}
