package dev.culvert.connector.engine;

import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Opens streams to an HTTP server: HTTP/1.1 on a connection of its own, kept ones first, or HTTP/2 on a
/// shared one where the origin's settings offer it and TLS agrees. A WebSocket is HTTP/1.1 always.
///
/// Connections belong to the event loop they live on; a stream takes one of its own loop or dials a new
/// one there, so that a stream never crosses loops.
///
/// Thread-safe.
final class HttpOriginTarget implements StreamTarget {
    private static final String LENGTH_REQUIRED =
            "This service takes no request body of unknown length: send it with a Content-Length.\n";

    private final ProxiedHttpOrigin origin;
    private final HttpOriginDialer dialer;
    private final IdleConnections idle;
    private final @Nullable Http2Origins http2;

    HttpOriginTarget(ProxiedHttpOrigin origin, Dialer dialer) throws IOException {
        this.origin = origin;
        this.dialer = new HttpOriginDialer(origin, dialer);
        this.idle = new IdleConnections(origin.keepAliveConnections(), origin.keepAliveTimeout());
        this.http2 =
                origin.tls() != null && origin.tls().http2()
                        ? new Http2Origins(this.dialer, idle)
                        : null;
    }

    ProxiedHttpOrigin origin() {
        return origin;
    }

    /// Closes the idle connections and keeps none from now on.
    void closeIdle() {
        idle.close();
        if (http2 != null) {
            http2.closeIdle();
        }
    }

    IdleConnections idle() {
        return idle;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        try {
            OriginRequestHead head = OriginRequestHead.of(request, origin);
            String tlsName = tlsName(request);
            if (http2 != null && request.kind() == StreamKind.HTTP) {
                Http2OriginExchange exchange =
                        new Http2OriginExchange(this, http2, head, tlsName, caller, loop);
                exchange.start();
                return exchange;
            }
            if (head.isChunked() && !origin.chunkedRequests()) {
                return lengthRequired(caller, loop);
            }
            HttpOriginExchange exchange = new HttpOriginExchange(this, head, tlsName, caller, loop);
            exchange.start(idle.take(loop, tlsName));
            return exchange;
        } catch (IllegalArgumentException e) {
            // HTTP/2 carries heads that HTTP/1.1 cannot, such as a path with a space in it.
            return StreamRouter.fail(
                    caller,
                    loop,
                    OriginFailure.Code.PROTOCOL,
                    refusal(String.valueOf(e.getMessage())));
        }
    }

    /// cloudflared sends such a body without any framing, and the origin takes it for the next request.
    /// To find its length we would have to hold all of it.
    static StreamPeer lengthRequired(StreamPeer caller, EventLoop loop) {
        byte[] page = LENGTH_REQUIRED.getBytes(StandardCharsets.US_ASCII);
        HeaderList headers =
                HeaderList.of(
                        "Content-Type",
                        "text/plain; charset=utf-8",
                        "Content-Length",
                        Integer.toString(page.length));
        loop.execute(() -> {
            caller.response(StreamResponse.of(411, headers), false);
            caller.data(Unpooled.wrappedBuffer(page), true);
            caller.reset(StreamFault.notRead());
        });
        return new DeadPeer(caller);
    }

    /// Of a message only the words that are ours.
    private static String refusal(String message) {
        return message.startsWith("the request")
                ? message
                : "the request cannot be written as HTTP/1.1";
    }

    /// SNI and the name to verify; connections are shared by requests of one name only. Empty without TLS.
    private String tlsName(StreamRequest request) {
        ProxiedHttpOrigin.Tls settings = origin.tls();
        if (settings == null) {
            return "";
        }
        if (settings.matchSniToHost()) {
            return request.host();
        }
        if (settings.serverName() != null) {
            return settings.serverName();
        }
        return origin.endpoint() instanceof Endpoint.Tcp tcp ? tcp.host() : "localhost";
    }

    /// Whether a request may be sent twice: it asks for nothing to be changed and has no body.
    boolean mayRepeat(StreamRequest request) {
        return switch (request.method()) {
            case "GET", "HEAD", "OPTIONS" -> request.endOfBody();
            default -> false;
        };
    }

    Promise<OriginConnection> dial(String tlsName, boolean offerHttp2, EventLoop loop) {
        return dialer.dial(tlsName, offerHttp2, loop, CarrierEvents.NONE);
    }
}
