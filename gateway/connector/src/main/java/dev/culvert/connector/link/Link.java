package dev.culvert.connector.link;

import dev.culvert.protocols.registration.ClientInfo;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.ConnectionOptions;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.http2.Http2Link;
import dev.culvert.transport.http2.LinkLimits;
import dev.culvert.transport.http2.TunnelHeads;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to the edge, from dialling to its end. Not reused: the next attempt is a new one.
///
/// ### States
///
/// dialling → TLS → HTTP/2 (we are the server) → the edge opens the control stream → registering →
/// registered → (unregistered, draining) → ended. `ended` is told exactly once, from any state.
///
/// Confined to its event loop.
final class Link implements Conversation.Outcome {
    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final LinkLimits LIMITS = LinkLimits.TUNNEL.withoutUnacknowledgedLimit();

    /// What the keeper of this link is told.
    interface Events {
        void registered(Link link, ConnectionDetails details);

        /// Nothing passes through its streams any more; it is still open.
        void silent(Link link);

        /// @param refusal the edge's refusal of the registration, or null
        void ended(
                Link link,
                String reason,
                @Nullable ConnectionError refusal,
                @Nullable Throwable cause);
    }

    private final int index;
    private final int attempts;
    private final LinkSettings settings;
    private final EdgeAddress edge;
    private final EventLoop loop;
    private final StreamTarget streams;
    private final Events events;
    private final LinkWatch watch;
    private @Nullable Channel channel;
    private @Nullable Http2Link carrier;
    private @Nullable Conversation conversation;
    private @Nullable Future<?> deadline;
    private boolean registered;
    private boolean ended;

    /// @param attempts failed attempts before this one, told to the edge
    Link(
            int index,
            int attempts,
            LinkSettings settings,
            EdgeAddress edge,
            EventLoop loop,
            StreamTarget streams,
            Events events) {
        this.index = index;
        this.attempts = attempts;
        this.settings = settings;
        this.edge = edge;
        this.loop = loop;
        this.streams = streams;
        this.events = events;
        this.watch =
                new LinkWatch(
                        loop,
                        settings.silentAfter(),
                        () -> carrier == null ? 0 : carrier.heardOnStreams(),
                        () -> events.silent(this));
    }

    EdgeAddress edge() {
        return edge;
    }

    void dial(Dialer dialer) {
        deadline =
                loop.schedule(
                        () -> end("the edge did not answer within " + seconds(), null, null),
                        settings.registerWithin().toMillis(),
                        TimeUnit.MILLISECONDS);
        settings.edges()
                .open(dialer, edge, settings.registerWithin(), loop, new Setup())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        end("the edge cannot be reached", null, done.cause());
                    }
                });
    }

    private String seconds() {
        return settings.registerWithin().toSeconds() + " s";
    }

    private final class Setup extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel socket) {
            if (ended) {
                socket.close();
                return;
            }
            channel = socket;
            SslHandler tls =
                    settings.tls()
                            .newHandler(socket.alloc(), LinkSettings.SERVER_NAME, edge.port());
            tls.setHandshakeTimeout(settings.registerWithin().toMillis(), TimeUnit.MILLISECONDS);
            tls.handshakeFuture()
                    .addListener(shaken -> {
                        if (!shaken.isSuccess()) {
                            end("TLS with the edge failed", null, shaken.cause());
                        }
                    });
            Http2Link link =
                    Http2Link.server(new TunnelHeads(), LIMITS, Link.this::open, new Ending());
            carrier = link;
            socket.pipeline().addLast(tls, link, new Failures());
        }
    }

    /// The last in the pipeline. [#end] learns of a failed handshake by its promise and of a broken carrier
    /// by [Ending]; nobody needs Netty's own report with its stack.
    private static final class Failures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug(
                    "connection to the edge failed remote={} cause={}",
                    ctx.channel().remoteAddress(),
                    cause.toString());
            ctx.close();
        }
    }

    private final class Ending implements CarrierEvents {
        @Override
        public void closed(Carrier link) {
            end("the edge closed the connection", null, null);
        }
    }

    private StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop on) {
        if (request.kind() != StreamKind.CONTROL) {
            if (LivenessProbe.is(request)) {
                watch.probed();
            }
            return streams.open(request, caller, on);
        }
        Conversation talk = new Conversation(caller, this);
        conversation = talk;
        on.execute(() -> talk.start(call()));
        return talk;
    }

    private RegisterConnection call() {
        byte[] local =
                channel != null && channel.localAddress() instanceof InetSocketAddress address
                        ? address.getAddress().getAddress()
                        : new byte[0];
        return new RegisterConnection(
                settings.credentials().accountTag(),
                settings.credentials().secret(),
                settings.credentials().tunnelId(),
                index,
                new ConnectionOptions(
                        new ClientInfo(
                                settings.connectorId(),
                                List.of(
                                        "serialized_headers",
                                        LinkSettings.FEATURE,
                                        LivenessProbe.FEATURE),
                                settings.version(),
                                arch()),
                        local,
                        false,
                        0,
                        Math.min(255, attempts)));
    }

    private static String arch() {
        String machine = System.getProperty("os.arch", "");
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT)
                + "_"
                + (machine.equals("x86_64") ? "amd64" : machine);
    }

    @Override
    public void registered(ConnectionDetails details) {
        if (ended) {
            return;
        }
        registered = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        events.registered(this, details);
    }

    @Override
    public void refused(ConnectionError error) {
        end("the edge refused the connection: " + error.cause(), error, null);
    }

    @Override
    public void unregistered() {
        // The edge closes when the streams that are open have ended.
    }

    @Override
    public void broken(String reason) {
        end(reason, null, null);
    }

    /// Asks the edge for no more streams; it closes when those that are open have ended.
    void unregister() {
        if (registered && conversation != null && !ended) {
            conversation.unregister();
        } else {
            close();
        }
    }

    /// Another connection has taken its place: what still runs on it may end within the grace period.
    void retire() {
        unregister();
        loop.schedule(this::close, settings.gracePeriod().toMillis(), TimeUnit.MILLISECONDS);
    }

    void close() {
        end("closed", null, null);
    }

    private void end(String reason, @Nullable ConnectionError refusal, @Nullable Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        watch.stop();
        if (deadline != null) {
            deadline.cancel(false);
        }
        Http2Link link = carrier;
        if (link != null && channel != null && channel.pipeline().context(link) != null) {
            link.abort();
        } else if (channel != null) {
            channel.close();
        }
        events.ended(this, reason, refusal, cause);
    }
}
