package dev.culvert.connector.engine;

import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.http2.OriginHeads;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// Makes connections to one HTTP origin: socket, TLS, protocol. Thread-safe.
final class HttpOriginDialer {
    private static final Pattern ONE_LABEL =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private final ProxiedHttpOrigin origin;
    private final Dialer dialer;
    private final @Nullable SslContext tls;
    private final @Nullable SslContext offeringHttp2;

    HttpOriginDialer(ProxiedHttpOrigin origin, Dialer dialer) throws IOException {
        this.origin = origin;
        this.dialer = dialer;
        ProxiedHttpOrigin.Tls settings = origin.tls();
        if (settings == null) {
            tls = null;
            offeringHttp2 = null;
        } else if (settings.verify()) {
            List<X509Certificate> roots = TlsContexts.systemRootsAnd(null);
            for (var pool : settings.caPool()) {
                roots.addAll(TlsContexts.roots(pool));
            }
            tls = TlsContexts.client(roots);
            offeringHttp2 = settings.http2() ? TlsContexts.http2Client(roots) : null;
        } else {
            tls = TlsContexts.unverifiedClient();
            offeringHttp2 = settings.http2() ? TlsContexts.unverifiedHttp2Client() : null;
        }
    }

    /// @param tlsName SNI and the name to verify
    /// @param offerHttp2 false for HTTP/1.1 only
    /// @param events of the connection, when it turns out to be HTTP/2
    /// @return completed on `loop` when streams can be opened; cancelling it closes what there is
    Promise<OriginConnection> dial(
            String tlsName, boolean offerHttp2, EventLoop loop, CarrierEvents events) {
        Promise<OriginConnection> ready = loop.newPromise();
        Promise<Channel> dialled =
                OriginSocket.dial(dialer, origin.endpoint(), origin.dialling(), loop);
        ready.addListener(done -> {
            if (!done.isSuccess() && !dialled.cancel(false) && dialled.isSuccess()) {
                dialled.getNow().close();
            }
        });
        dialled.addListener(done -> {
            if (!done.isSuccess()) {
                ready.tryFailure(done.cause());
            } else if (!ready.isDone()) {
                Dialer.keepAlive(dialled.getNow(), origin.dialling().tcpKeepAlive());
                setUp(dialled.getNow(), tlsName, offerHttp2, events, ready);
            }
        });
        return ready;
    }

    private void setUp(
            Channel channel,
            String tlsName,
            boolean offerHttp2,
            CarrierEvents events,
            Promise<OriginConnection> ready) {
        ProxiedHttpOrigin.Tls settings = origin.tls();
        SslContext context = offerHttp2 && offeringHttp2 != null ? offeringHttp2 : tls;
        if (context == null || settings == null) {
            http1(channel.pipeline(), ready);
        } else {
            SslHandler handshake = context.newHandler(channel.alloc(), tlsName, 443);
            nameOneLabel(handshake.engine(), tlsName);
            handshake.setHandshakeTimeout(
                    settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
            handshake
                    .handshakeFuture()
                    .addListener(shaken -> {
                        if (!shaken.isSuccess()) {
                            ready.tryFailure(shaken.cause());
                        }
                    });
            channel.pipeline().addLast(handshake, new Negotiation(settings, events, ready));
        }
        channel.config().setAutoRead(true);
    }

    /// Netty leaves a name without a dot out of SNI, and such are the names of containers and machines of
    /// a local network.
    private static void nameOneLabel(SSLEngine engine, String tlsName) {
        if (ONE_LABEL.matcher(tlsName).matches()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(tlsName)));
            engine.setSSLParameters(parameters);
        }
    }

    private static void http1(ChannelPipeline pipeline, Promise<OriginConnection> ready) {
        HttpOriginChannel channel = new HttpOriginChannel();
        channel.addTo(pipeline);
        OriginConnection made = new OriginConnection.Http1(channel);
        if (!ready.trySuccess(made)) {
            made.close();
        }
    }

    /// Waits for the end of the handshake and puts the protocol agreed on in its own place.
    private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
        private final ProxiedHttpOrigin.Tls settings;
        private final CarrierEvents events;
        private final Promise<OriginConnection> ready;

        Negotiation(
                ProxiedHttpOrigin.Tls settings,
                CarrierEvents events,
                Promise<OriginConnection> ready) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.settings = settings;
            this.events = events;
            this.ready = ready;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                http1(ctx.pipeline(), ready);
                return;
            }
            ctx.pipeline()
                    .addLast(
                            new CloseNotify(),
                            Http2Link.client(
                                    new OriginHeads(),
                                    LinkLimits.ORIGIN,
                                    new FirstSettings(events, ready)));
            ctx.channel()
                    .eventLoop()
                    .schedule(
                            () ->
                                    ready.tryFailure(
                                            new SslHandshakeTimeoutException(
                                                    "no HTTP/2 SETTINGS in time")),
                            settings.handshakeTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        /// What failed is known by the handshake's own promise.
        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ready.tryFailure(cause);
            ctx.close();
        }
    }

    /// Nothing comes any more, though the socket may stay open: some wait for our `close_notify` first.
    private static final class CloseNotify extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ctx.fireUserEventTriggered(event);
            if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
                ctx.close();
            }
        }
    }

    /// The origin's SETTINGS say how many streams it takes; before them none is opened.
    private record FirstSettings(CarrierEvents events, Promise<OriginConnection> ready)
            implements CarrierEvents {
        @Override
        public void ready(Carrier carrier) {
            OriginConnection made = new OriginConnection.Http2((Http2Link) carrier);
            if (!ready.trySuccess(made)) {
                made.close();
            }
        }

        @Override
        public void idle(Carrier carrier) {
            events.idle(carrier);
        }

        @Override
        public void goingAway(Carrier carrier) {
            events.goingAway(carrier);
        }

        @Override
        public void closed(Carrier carrier) {
            ready.tryFailure(new IOException("closed before its HTTP/2 SETTINGS"));
            events.closed(carrier);
        }
    }
}
