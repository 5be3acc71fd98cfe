package dev.culvert.connector.engine;

import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Opens streams to an HTTP/1.1 server and keeps idle connections for the next ones.
///
/// Idle connections belong to the event loop they live on; a stream takes one of its own loop or dials
/// a new one there, so that a stream never crosses loops.
///
/// Thread-safe; the idle connections of a loop are confined to it.
final class HttpOriginTarget implements StreamTarget {
    private static final HttpDecoderConfig DECODER =
            new HttpDecoderConfig()
                    .setMaxInitialLineLength(16 * 1024)
                    .setMaxHeaderSize(192 * 1024)
                    .setMaxChunkSize(64 * 1024);

    private final ProxiedHttpOrigin origin;
    private final Dialer dialer;
    private final @Nullable SslContext tls;
    private final Map<EventLoop, Deque<HttpOriginChannel>> idle = new ConcurrentHashMap<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private volatile boolean retired;

    HttpOriginTarget(ProxiedHttpOrigin origin, Dialer dialer) throws IOException {
        this.origin = origin;
        this.dialer = dialer;
        ProxiedHttpOrigin.Tls settings = origin.tls();
        if (settings == null) {
            tls = null;
        } else if (settings.verify()) {
            var roots = TlsContexts.systemRootsAnd(null);
            for (var pool : settings.caPool()) {
                roots.addAll(TlsContexts.roots(pool));
            }
            tls = TlsContexts.client(roots);
        } else {
            tls = TlsContexts.unverifiedClient();
        }
    }

    ProxiedHttpOrigin origin() {
        return origin;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        HttpOriginExchange exchange = new HttpOriginExchange(this, request, caller, loop);
        exchange.start(takeIdle(loop));
        return exchange;
    }

    private @Nullable HttpOriginChannel takeIdle(EventLoop loop) {
        Deque<HttpOriginChannel> own = idle.get(loop);
        while (own != null) {
            HttpOriginChannel channel = own.pollLast();
            if (channel == null) {
                return null;
            }
            idleCount.decrementAndGet();
            if (channel.leaveIdle()) {
                return channel;
            }
        }
        return null;
    }

    /// Keeps a connection for the next stream, or closes it when enough are kept.
    void release(HttpOriginChannel channel, EventLoop loop) {
        if (idleCount.incrementAndGet() > origin.keepAliveConnections() || retired) {
            idleCount.decrementAndGet();
            channel.close();
            return;
        }
        Deque<HttpOriginChannel> own = idle.computeIfAbsent(loop, any -> new ArrayDeque<>());
        own.addLast(channel);
        channel.enterIdle(
                loop.schedule(
                        () -> {
                            if (own.remove(channel)) {
                                idleCount.decrementAndGet();
                                channel.close();
                            }
                        },
                        origin.keepAliveTimeout().toMillis(),
                        TimeUnit.MILLISECONDS),
                () -> {
                    if (own.remove(channel)) {
                        idleCount.decrementAndGet();
                    }
                });
        if (retired) {
            channel.close();
        }
    }

    /// Closes the idle connections and keeps none from now on.
    void closeIdle() {
        retired = true;
        idle.forEach((loop, own) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(() -> {
                    for (HttpOriginChannel channel : List.copyOf(own)) {
                        channel.close();
                    }
                });
            }
        });
    }

    /// Dials a new connection; the promise completes when TLS, if any, is done too.
    Promise<HttpOriginChannel> dial(StreamRequest request, EventLoop loop) {
        HttpOriginChannel handler = new HttpOriginChannel();
        ChannelInitializer<Channel> initializer =
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler handshake = tlsHandler(channel, request);
                        if (handshake != null) {
                            channel.pipeline().addLast(handshake);
                        }
                        channel.pipeline()
                                .addLast(new HttpClientCodec(DECODER, false, false))
                                .addLast(handler);
                    }
                };
        Promise<Channel> dialled =
                switch (origin.endpoint()) {
                    case Endpoint.Tcp tcp ->
                            dialer.dial(
                                    tcp.host(),
                                    tcp.port(),
                                    origin.dialling().connectTimeout(),
                                    loop,
                                    initializer);
                    case Endpoint.UnixSocket unix ->
                            dialer.dialUnix(
                                    unix.path(),
                                    origin.dialling().connectTimeout(),
                                    loop,
                                    initializer);
                };
        Promise<HttpOriginChannel> ready = loop.newPromise();
        dialled.addListener(done -> {
            if (!done.isSuccess()) {
                ready.tryFailure(done.cause());
                return;
            }
            Dialer.keepAlive(dialled.getNow(), origin.dialling().tcpKeepAlive());
            SslHandler handshake = dialled.getNow().pipeline().get(SslHandler.class);
            if (handshake == null) {
                ready.trySuccess(handler);
                return;
            }
            handshake
                    .handshakeFuture()
                    .addListener(shaken -> {
                        if (shaken.isSuccess()) {
                            ready.trySuccess(handler);
                        } else {
                            ready.tryFailure(shaken.cause());
                            dialled.getNow().close();
                        }
                    });
        });
        return ready;
    }

    private @Nullable SslHandler tlsHandler(Channel channel, StreamRequest request) {
        ProxiedHttpOrigin.Tls settings = origin.tls();
        if (tls == null || settings == null) {
            return null;
        }
        String name = settings.serverName();
        if (settings.matchSniToHost()) {
            name = request.host();
        }
        if (name == null) {
            name = origin.endpoint() instanceof Endpoint.Tcp tcp ? tcp.host() : "localhost";
        }
        SslHandler handler = tls.newHandler(channel.alloc(), name, 443);
        handler.setHandshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }
}
