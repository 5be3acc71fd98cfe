package dev.culvert.connector.link;

import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.quic.QuicDialer;
import dev.culvert.transport.quic.QuicLink;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// QUIC: UDP and TLS in one handshake.
///
/// Confined to its event loop.
final class QuicAttempt implements LinkAttempt {
    private static final Duration LAST_STREAMS_WITHIN = Duration.ofDays(7);

    private final LinkSettings settings;
    private final EdgeAddress edge;
    private final QuicDialer dialer;
    private final EventLoop loop;
    private final Outcome outcome;
    private final QuicLink link;
    private @Nullable Promise<QuicChannel> dialled;
    private boolean closed;

    QuicAttempt(
            LinkSettings settings,
            EdgeAddress edge,
            QuicDialer dialer,
            EventLoop loop,
            StreamTarget streams,
            CarrierEvents events,
            Outcome outcome) {
        this.settings = settings;
        this.edge = edge;
        this.dialer = dialer;
        this.loop = loop;
        this.outcome = outcome;
        this.link = QuicLink.connector(settings.quic().limits(), streams, events);
    }

    @Override
    public void dial() {
        InetAddress known = edge.ip();
        if (known != null) {
            dial(known);
            return;
        }
        Thread.ofVirtual()
                .name("resolve-", 0)
                .start(() -> {
                    try {
                        InetAddress address = InetAddress.getByName(edge.host());
                        loop.execute(() -> dial(address));
                    } catch (UnknownHostException e) {
                        loop.execute(() -> outcome.failed("the edge cannot be reached", e, false));
                    }
                });
    }

    private void dial(InetAddress address) {
        if (closed) {
            return;
        }
        Promise<QuicChannel> promise =
                dialer.dial(
                        new InetSocketAddress(address, edge.port()),
                        settings.edges().localAddress(),
                        settings.quic().tls(),
                        LinkSettings.QUIC_SERVER_NAME,
                        settings.quic().limits(),
                        loop,
                        link);
        dialled = promise;
        promise.addListener(done -> {
            if (!done.isSuccess()) {
                failed(done.cause());
            }
        });
    }

    private void failed(Throwable cause) {
        if (!isTls(cause)) {
            outcome.failed("the edge does not answer over QUIC", cause, true);
            return;
        }
        // The library's words are "certificate verify failed"; ours say why.
        Throwable why = settings.quic().trust().refusal();
        outcome.failed("TLS with the edge failed", why == null ? cause : why, false);
    }

    private static boolean isTls(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof SSLException
                    || at instanceof java.security.cert.CertificateException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable SocketAddress local() {
        Promise<QuicChannel> promise = dialled;
        return promise != null && promise.isSuccess()
                ? promise.getNow().localSocketAddress()
                : null;
    }

    @Override
    public long heardOnStreams() {
        return link.heardOnStreams();
    }

    @Override
    public int openStreams() {
        return link.load();
    }

    @Override
    public void leave() {
        link.drain(LAST_STREAMS_WITHIN);
    }

    @Override
    public void close() {
        closed = true;
        Promise<QuicChannel> promise = dialled;
        if (promise == null) {
            return;
        }
        if (promise.isSuccess()) {
            link.abort();
        } else {
            promise.tryFailure(new CancellationException("closed"));
        }
    }
}
