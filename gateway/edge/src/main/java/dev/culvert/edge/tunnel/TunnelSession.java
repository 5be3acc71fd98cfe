package dev.culvert.edge.tunnel;

import dev.culvert.edge.state.Directory;
import dev.culvert.edge.state.Tunnel;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.registration.ConnectionDetails;
import dev.culvert.protocols.registration.ConnectionError;
import dev.culvert.protocols.registration.RegisterConnection;
import dev.culvert.protocols.registration.RegistrationServer;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.LivenessProbe;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.Carrier;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.LogThrottle;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An accepted tunnel connection from its TLS handshake to its end: opens the control stream, answers
/// the registration, and takes the connection out of service when it ends.
///
/// ### How a refusal ends
///
/// cloudflared leaves a refused connection open and waits, so the edge closes it. The cause starts
/// with `Unauthorized`, or cloudflared would give up its whole process at the first refusal instead of
/// trying again.
///
/// Confined to its channel's event loop.
final class TunnelSession implements CarrierEvents, StreamPeer, RegistrationServer.Calls {
    private static final Logger log = LoggerFactory.getLogger(TunnelSession.class);
    private static final LogThrottle REFUSALS = new LogThrottle(100, Duration.ofSeconds(10));
    private static final SocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);
    private static final Duration FULL_FOR = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Supplier<Directory> directory;
    private final TunnelSettings settings;
    private final TunnelRegistry registry;
    private final Channel channel;
    private final RegistrationServer server;
    private @Nullable Carrier carrier;
    private @Nullable StreamPeer control;
    private @Nullable TunnelConnection connection;
    private @Nullable ConnectionProbe probe;
    private @Nullable Future<?> deadline;
    private boolean controlEnded;

    TunnelSession(
            Supplier<Directory> directory,
            TunnelSettings settings,
            TunnelRegistry registry,
            Channel channel) {
        this.directory = directory;
        this.settings = settings;
        this.registry = registry;
        this.channel = channel;
        this.server =
                new RegistrationServer(
                        bytes -> {
                            if (control != null && !controlEnded) {
                                control.data(Unpooled.wrappedBuffer(bytes), false);
                            }
                        },
                        this);
    }

    private SocketAddress remote() {
        SocketAddress remote =
                channel instanceof QuicChannel quic
                        ? quic.remoteSocketAddress()
                        : channel.remoteAddress();
        return remote == null ? UNKNOWN : remote;
    }

    void started() {
        deadline =
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    log.debug("no registration in time remote={}", remote());
                                    channel.close();
                                },
                                settings.registerWithin().toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    // ---- the connection

    @Override
    public void ready(Carrier ready) {
        carrier = ready;
        StreamRequest request =
                new StreamRequest(
                        StreamKind.CONTROL, "GET", "culvert", "/", new HeaderList(0), false);
        control = ready.open(request, this, ready.loop());
    }

    @Override
    public void goingAway(Carrier leaving) {
        takeOut("the connector is going away");
    }

    @Override
    public void closed(Carrier closed) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        takeOut("connection closed");
    }

    private void takeOut(String reason) {
        TunnelConnection known = connection;
        if (probe != null) {
            probe.stop();
        }
        if (known != null && registry.remove(known)) {
            log.info(
                    "Tunnel connection ended tunnel={} connection={} connIndex={} reason=\"{}\"",
                    known.tunnelId(),
                    known.id(),
                    known.index(),
                    reason);
        }
    }

    private void closeSoon() {
        Carrier known = carrier;
        if (known != null) {
            known.drain(LAST_WORDS);
        } else {
            channel.close();
        }
    }

    // ---- the conversation

    @Override
    public void register(RegisterConnection call) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        Tunnel tunnel = directory.get().tunnel(call.tunnelId());
        boolean account =
                MessageDigest.isEqual(
                        call.accountTag().getBytes(StandardCharsets.UTF_8),
                        settings.accountTag().getBytes(StandardCharsets.UTF_8));
        if (tunnel == null || !account || !tunnel.secretMatches(call.tunnelSecret())) {
            refusalLogged(
                    "Registration refused remote={} tunnel={} reason=\"{}\" leftOut={}",
                    remote(),
                    call.tunnelId(),
                    tunnel == null
                            ? "no such tunnel"
                            : account ? "wrong secret" : "wrong account tag");
            refuse("Unauthorized: no such tunnel, or not its secret");
            return;
        }
        Carrier ready = carrier;
        if (ready == null || connection != null) {
            refuse("Unauthorized: this connection is registered already");
            return;
        }
        TunnelConnection added =
                new TunnelConnection(
                        UUID.randomUUID(),
                        tunnel.id(),
                        tunnel.rotation(),
                        call.options().client().clientId(),
                        call.connIndex(),
                        call.options().client().version(),
                        remote(),
                        Instant.now(),
                        ready,
                        new Traffic());
        if (call.options().client().features().contains(TunnelSettings.STREAM_WINDOWS)) {
            ready.peerRefillsItsWindow();
        }
        if (!registry.add(added)) {
            refuse(
                    new ConnectionError(
                            "Unauthorized: the tunnel has "
                                    + TunnelRegistry.MAX_CONNECTIONS
                                    + " connections already",
                            FULL_FOR,
                            true));
            return;
        }
        connection = added;
        server.registered(
                new ConnectionDetails(
                        added.id(), settings.location(), tunnel.configuration() != null));
        log.info(
                "Tunnel connection registered tunnel={} name={} connection={} connector={}"
                        + " connIndex={} protocol={} version={} remote={}",
                tunnel.id(),
                tunnel.name(),
                added.id(),
                added.connectorId(),
                added.index(),
                ready.protocol(),
                ProtocolException.quote(added.version()),
                added.remote());
        if (call.options().client().features().contains(LivenessProbe.FEATURE)) {
            ConnectionProbe asks =
                    new ConnectionProbe(ready, ready.loop(), new Liveness(added, ready));
            probe = asks;
            asks.start();
        }
        // Between look-up and registration the tunnel may have been deleted.
        registry.apply(directory.get());
        registry.announce(added);
    }

    private final class Liveness implements ConnectionProbe.Events {
        private final TunnelConnection asked;
        private final Carrier under;

        Liveness(TunnelConnection asked, Carrier under) {
            this.asked = asked;
            this.under = under;
        }

        @Override
        public void roundTrip(long nanos) {
            asked.traffic().roundTrip(nanos);
        }

        @Override
        public void doubted(boolean doubted) {
            registry.doubt(asked, doubted);
        }

        @Override
        public void dead() {
            takeOut("no stream is answered");
            under.abort();
        }
    }

    private static void refusalLogged(String line, Object remote, Object tunnel, String reason) {
        long leftOut = REFUSALS.permit();
        if (leftOut >= 0) {
            log.info(line, remote, tunnel, reason, leftOut);
        }
    }

    private void refuse(String cause) {
        refuse(new ConnectionError(cause, Duration.ZERO, false));
    }

    private void refuse(ConnectionError error) {
        server.refused(error);
        closeSoon();
    }

    @Override
    public void unregister() {
        takeOut("unregistered");
        server.unregistered();
        Carrier known = carrier;
        if (known != null) {
            known.stopOpening();
            channel.eventLoop().execute(() -> known.drain(settings.drainWithin()));
        }
    }

    /// What a locally configured connector says of its rules; nothing depends on it.
    @Override
    public void localConfiguration(byte[] json) {
        log.debug("local configuration received bytes={}", json.length);
        TunnelConnection known = connection;
        if (known != null) {
            registry.tell(known, json);
        }
    }

    @Override
    public void ended(String reason) {
        log.debug("registration conversation ended remote={} reason={}", remote(), reason);
    }

    // ---- the control stream

    @Override
    public void response(StreamResponse response, boolean end) {
        if (response.status() != 200 || end) {
            log.info("Not a connector remote={} controlStatus={}", remote(), response.status());
            closeSoon();
        }
    }

    @Override
    public void data(ByteBuf bytes, boolean end) {
        int size = bytes.readableBytes();
        try {
            server.receive(bytes.nioBuffer());
        } catch (ProtocolException e) {
            log.info(
                    "Registration protocol broken remote={} reason=\"{}\"",
                    remote(),
                    e.getMessage());
            closeSoon();
        } finally {
            bytes.release();
        }
        if (control != null) {
            control.credit(size);
        }
        if (end) {
            endControl();
        }
    }

    private void endControl() {
        if (!controlEnded) {
            controlEnded = true;
            if (control != null) {
                control.data(Unpooled.EMPTY_BUFFER, true);
            }
            takeOut("control stream ended");
            if (carrier != null) {
                carrier.drain(settings.drainWithin());
            }
        }
    }

    @Override
    public void trailers(HeaderList trailers) {
        endControl();
    }

    @Override
    public void reset(StreamFault fault) {
        endControl();
    }

    @Override
    public void credit(int bytes) {}
}
