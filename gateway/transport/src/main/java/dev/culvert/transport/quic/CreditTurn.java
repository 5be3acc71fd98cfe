package dev.culvert.transport.quic;

import dev.culvert.transport.StreamPeer;
import io.netty.channel.EventLoop;

/// Gives a side its credit back once a turn of the event loop. A QUIC stream takes most writes at once, so
/// credit given on the spot would make a sender call itself, a level deeper for each piece.
///
/// Confined to its event loop.
final class CreditTurn implements Runnable {
    private final EventLoop loop;
    private final StreamPeer peer;
    private int bytes;
    private boolean scheduled;

    CreditTurn(EventLoop loop, StreamPeer peer) {
        this.loop = loop;
        this.peer = peer;
    }

    void add(int more) {
        if (more == 0) {
            return;
        }
        bytes += more;
        if (!scheduled) {
            scheduled = true;
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        int given = bytes;
        bytes = 0;
        peer.credit(given);
    }
}
