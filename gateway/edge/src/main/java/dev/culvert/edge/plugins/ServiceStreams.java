package dev.culvert.edge.plugins;

import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.front.EdgeError;
import dev.culvert.edge.front.ForwardedRequest;
import dev.culvert.edge.state.Directory;
import dev.culvert.edge.state.Route;
import dev.culvert.edge.tunnel.TunnelConnection;
import dev.culvert.edge.tunnel.TunnelRegistry;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.protocols.websocket.Handshake;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.served.BlockingStream;
import dev.culvert.transport.served.BlockingStream.NotOpenedException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens streams to services for the edge's own use, as a client program's WebSocket would be opened.
/// Thread-safe. Blocking.
public final class ServiceStreams {
    private static final int MAX_ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Supplier<Directory> directory;
    private final TunnelRegistry registry;
    private final EventLoops loops;

    public ServiceStreams(
            Supplier<Directory> directory, TunnelRegistry registry, EventLoops loops) {
        this.directory = directory;
        this.registry = registry;
        this.loops = loops;
    }

    /// What opens a host's stream, without what tells the origin who asks.
    static StreamRequest request(String host) {
        byte[] key = new byte[Handshake.KEY_BYTES];
        RANDOM.nextBytes(key);
        HeaderList headers = new HeaderList(4);
        headers.add("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key));
        headers.add("Sec-WebSocket-Version", "13");
        headers.add("Sec-WebSocket-Protocol", Handshake.STREAM_SUBPROTOCOL);
        headers.add("User-Agent", "culvert-edge");
        return new StreamRequest(StreamKind.WEBSOCKET, "GET", host, "/", headers, false);
    }

    /// Where a host leads now; null when nowhere.
    @Nullable Route route(String host) {
        return directory.get().route(host);
    }

    /// @throws RefusedException with a code of [EdgeError]
    ServiceStream open(StreamRequest request, Grant grant, String id)
            throws RefusedException, InterruptedException {
        Route route = route(request.host());
        if (route == null) {
            throw refused(EdgeError.UNKNOWN_HOST, "");
        }
        TunnelConnection last = null;
        for (int attempt = 1; ; attempt++) {
            TunnelConnection chosen = registry.choose(route.tunnelId(), loops.next(), last);
            if (chosen == null) {
                throw refused(
                        last == null ? EdgeError.TUNNEL_DOWN : EdgeError.ORIGIN_OVERLOADED, "");
            }
            last = chosen;
            try {
                return open(chosen, request, grant, id);
            } catch (NotOpenedException e) {
                boolean elsewhere = e.fault().kind() == StreamFault.Kind.REFUSED;
                if (!elsewhere || attempt == MAX_ATTEMPTS) {
                    throw refused(
                            elsewhere ? EdgeError.ORIGIN_OVERLOADED : EdgeError.STREAM_LOST,
                            e.fault().detail());
                }
            }
        }
    }

    private static ServiceStream open(
            TunnelConnection connection, StreamRequest request, Grant grant, String id)
            throws NotOpenedException, RefusedException, InterruptedException {
        BlockingStream stream =
                BlockingStream.open(
                        connection.carrier(),
                        ForwardedRequest.of(request, grant.visitor().text(), id, grant),
                        connection.carrier().loop());
        StreamResponse answer = stream.await(PATIENCE);
        boolean opened = false;
        try {
            ServiceStream service =
                    new ServiceStream(stream, selected(answer), connection.traffic());
            opened = true;
            return service;
        } finally {
            if (!opened) {
                stream.close();
            }
        }
    }

    /// Whether both ends know how one direction ends before the other.
    private static boolean selected(StreamResponse answer) throws RefusedException {
        OriginFailure failure = answer.failure();
        if (failure != null) {
            throw refused(EdgeError.of(failure.code()), failure.detail());
        }
        if (answer.status() != 101) {
            throw refused(EdgeError.ORIGIN_PROTOCOL, "status " + answer.status());
        }
        String protocol = answer.headers().first("sec-websocket-protocol");
        return Handshake.STREAM_SUBPROTOCOL.equals(protocol);
    }

    private static RefusedException refused(EdgeError error, String detail) {
        return new RefusedException(
                error.code(),
                detail.isEmpty() ? error.sentence() : error.sentence() + " (" + detail + ")",
                error.next());
    }
}
