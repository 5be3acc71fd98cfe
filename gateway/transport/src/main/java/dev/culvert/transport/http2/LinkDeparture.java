package dev.culvert.transport.http2;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The end of a drained connection: our FIN, then reading on until the peer's. Closing with unread
/// frames in the socket would send a RST, which overtakes the last stream's last bytes.
///
/// Confined to its channel's event loop.
final class LinkDeparture {
    private static final Duration LEAVE_WITHIN = Duration.ofSeconds(5);

    private final Channel channel;
    private final Runnable close;
    private boolean leaving;

    LinkDeparture(Channel channel, Runnable close) {
        this.channel = channel;
        this.close = close;
    }

    /// Closes then, however much is left.
    void closeAfter(Duration time) {
        var deadline = channel.eventLoop().schedule(close, time.toMillis(), TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> deadline.cancel(false));
    }

    /// No stream is left. Idempotent.
    void leave() {
        if (leaving) {
            return;
        }
        leaving = true;
        channel.eventLoop()
                .execute(() ->
                        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                                .addListener(flushed -> sendFin()));
        closeAfter(LEAVE_WITHIN);
    }

    private void sendFin() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutdown();
        } else {
            tls.closeOutbound().addListener(done -> shutdown());
        }
    }

    private void shutdown() {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput();
        }
    }
}
