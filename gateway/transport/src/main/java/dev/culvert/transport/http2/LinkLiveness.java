package dev.culvert.transport.http2;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a silent peer with a PING and gives the connection up when that is not answered. Anything read
/// counts as an answer.
///
/// Confined to its channel's event loop.
final class LinkLiveness {
    private static final Logger log = LoggerFactory.getLogger(LinkLiveness.class);

    private final ChannelHandlerContext ctx;
    private final LinkLimits limits;
    private final Runnable ping;
    private final Runnable dead;
    private final @Nullable Future<?> checks;
    private boolean heard = true;
    private boolean asked;

    /// @param ping sends a PING
    /// @param dead closes the connection
    LinkLiveness(ChannelHandlerContext ctx, LinkLimits limits, Runnable ping, Runnable dead) {
        this.ctx = ctx;
        this.limits = limits;
        this.ping = ping;
        this.dead = dead;
        long period = limits.pingAfter().toMillis();
        this.checks =
                period == 0
                        ? null
                        : ctx.channel()
                                .eventLoop()
                                .scheduleAtFixedRate(
                                        this::check, period, period, TimeUnit.MILLISECONDS);
    }

    /// Something came from the peer.
    void heard() {
        heard = true;
    }

    void stop() {
        if (checks != null) {
            checks.cancel(false);
        }
    }

    private void check() {
        if (heard) {
            heard = false;
            asked = false;
        } else if (!asked) {
            asked = true;
            ping.run();
            ctx.channel()
                    .eventLoop()
                    .schedule(
                            this::giveUpIfSilent,
                            limits.deadAfter().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void giveUpIfSilent() {
        if (!heard && asked && ctx.channel().isActive()) {
            log.info(
                    "Connection is dead, its PING was not answered remote={} after={}",
                    ctx.channel().remoteAddress(),
                    limits.deadAfter());
            dead.run();
        }
    }
}
