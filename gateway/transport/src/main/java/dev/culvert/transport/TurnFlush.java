package dev.culvert.transport;

import io.netty.channel.Channel;

/// Flushes a channel once at the end of the current turn of its event loop, however many writes asked
/// for it: one system call carries what several streams wrote.
///
/// Confined to its channel's event loop.
public final class TurnFlush implements Runnable {
    private final Channel channel;
    private boolean scheduled;

    public TurnFlush(Channel channel) {
        this.channel = channel;
    }

    public void schedule() {
        if (!scheduled) {
            scheduled = true;
            channel.eventLoop().execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        channel.flush();
    }
}
