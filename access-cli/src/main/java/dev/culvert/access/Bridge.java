package dev.culvert.access;

import dev.culvert.protocols.websocket.Handshake;
import dev.culvert.protocols.websocket.HandshakeException;
import dev.culvert.protocols.websocket.ResponseHead;
import dev.culvert.protocols.websocket.ResponseHeadDecoder;
import dev.culvert.protocols.websocket.StreamCarrier;
import dev.culvert.protocols.websocket.StreamClient;
import dev.culvert.protocols.websocket.StreamEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.jspecify.annotations.Nullable;

/// One stream between an accepted connection and a connection to the server.
///
/// # Back-pressure
/// MINA queues writes without bound. Each side counts the bytes it was given and has not sent; above
/// [Side#HIGH] the other side stops reading, below [Side#LOW] it goes on.
///
/// # Opening
/// The local side is not read before the stream stands. Until then a failure may be tried again ([Patience]):
/// the connection to the server is given up, and [#connected] comes once more.
///
/// # Close
/// Half close passes through when the server speaks it. At the end each side is closed once what
/// waits for it is sent. A side that does not take it stays open, as any socket would.
///
/// Confined to the I/O thread, which both sessions share: no locks.
final class Bridge implements StreamCarrier {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SignedRoute signed;
    private final SSLContext tls;
    private final StreamEvents events;
    private final Redial redial;
    private final StreamMeter meter;
    private final Side local;
    private @Nullable Side remote;
    private @Nullable ResponseHeadDecoder proxyAnswer;
    private @Nullable StreamClient client;
    private Route route;
    private int renewals;
    private boolean open;
    private boolean over;

    /// Dials once more, later.
    interface Redial {
        /// @return false when it will not
        boolean later(Bridge bridge, Problem why);
    }

    Bridge(
            SignedRoute signed,
            SSLContext tls,
            IoSession accepted,
            StreamMeter meter,
            StreamEvents events,
            Redial redial) {
        this.signed = signed;
        this.route = signed.route();
        this.tls = tls;
        this.meter = meter;
        this.events = events;
        this.redial = redial;
        this.local = new Side(accepted);
        accepted.suspendRead();
    }

    StreamMeter meter() {
        return meter;
    }

    IoSession accepted() {
        return local.session;
    }

    /// Logins that were tried for this stream.
    int renewals() {
        return renewals;
    }

    /// @return the route whose handshake was refused
    Route renew() {
        renewals++;
        return route;
    }

    /// The connection to the server, or its proxy, stands.
    void connected(IoSession session) throws IOException {
        if (over) {
            session.closeNow();
            return;
        }
        remote = new Side(session);
        route = signed.route();
        if (route.proxy() == null) {
            startTls(remote);
        } else {
            proxyAnswer = new ResponseHeadDecoder();
            remote.write(ByteBuffer.wrap(route.proxy().request(route.dial())));
        }
    }

    private void startTls(Side side) throws IOException {
        HostPort server = new HostPort(route.tlsName(), route.dial().port());
        side.session.getFilterChain().addFirst("tls", new ClientTlsFilter(tls, server));
        byte[] key = new byte[Handshake.KEY_BYTES];
        RANDOM.nextBytes(key);
        client = new StreamClient(route.handshake(key), RANDOM::nextInt, this);
        client.start();
    }

    void received(IoSession session, IoBuffer bytes) throws IOException {
        if (over || isGivenUp(session)) {
            return;
        }
        if (session == local.session) {
            sendLocal(bytes.buf());
        } else if (proxyAnswer != null) {
            readProxy(bytes.buf());
        } else if (client != null) {
            client.receive(bytes.buf());
        }
    }

    private void sendLocal(ByteBuffer bytes) {
        if (client == null || remote == null) {
            return;
        }
        meter.sent(bytes.remaining());
        ByteBuffer frames = ByteBuffer.allocate(client.encodedLength(bytes.remaining()));
        client.encode(bytes, frames);
        remote.writeOwned(frames.flip());
        balance();
    }

    private void readProxy(ByteBuffer bytes) throws IOException {
        Proxy proxy = route.proxy();
        if (proxyAnswer == null || proxy == null || remote == null) {
            return;
        }
        try {
            ResponseHead head = proxyAnswer.decode(bytes);
            if (head != null) {
                proxy.check(head);
                proxyAnswer = null;
                startTls(remote);
            }
        } catch (HandshakeException e) {
            throw proxy.broken(e);
        }
    }

    /// A peer has sent its last byte.
    void inputClosed(IoSession session) throws IOException {
        // A closed input stays readable: MINA would report it in a loop.
        session.suspendRead();
        if (isGivenUp(session)) {
            return;
        }
        if (session == local.session) {
            local.inputEnded = true;
            if (client != null) {
                client.localEnd();
            }
            return;
        }
        if (over) {
            session.closeNow();
            return;
        }
        if (remote != null) {
            remote.inputEnded = true;
        }
        if (proxyAnswer != null && route.proxy() != null) {
            fail(route.proxy().closed());
        } else if (client != null) {
            client.receiveEnd();
        }
    }

    /// Written bytes have left.
    void sent(IoSession session, Object message) throws IOException {
        Side side = session == local.session ? local : remote;
        if (side != null && message instanceof IoBuffer buffer) {
            side.sent(buffer);
            balance();
        }
    }

    /// Nothing has come from the server for a while.
    void idle(IoSession session) throws IOException {
        if (isGivenUp(session)) {
            session.closeNow();
            return;
        }
        if (over) {
            // It does not take our last bytes either.
            if (session != local.session) {
                session.closeNow();
            }
            return;
        }
        boolean stoppedByUs = session.isReadSuspended();
        if (remote != null && session == remote.session && client != null && !stoppedByUs) {
            client.idle();
        } else if (client == null && session != local.session) {
            fail(Explanation.of(new java.net.SocketTimeoutException(), route));
        }
    }

    /// Nothing has been sent to the server for a while, and somebody wants to know how far it is.
    void measure(IoSession session) throws IOException {
        if (open && !over && client != null && session != local.session) {
            client.ping(ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).flip());
        }
    }

    /// A session failed, or the bridge could not be built.
    void failed(IoSession session, Throwable cause) {
        if (over || isGivenUp(session)) {
            return;
        }
        if (session == local.session) {
            localGone();
        } else if (open && client != null && cause instanceof IOException e) {
            client.receiveFailed(Explanation.lost(e, route));
        } else {
            fail(Explanation.of(cause, route));
        }
    }

    /// A session is gone.
    void closed(IoSession session) {
        if (over || isGivenUp(session)) {
            return;
        }
        if (session == local.session) {
            localGone();
        } else if (client != null) {
            client.receiveEnd();
        }
    }

    private void localGone() {
        if (client != null && open) {
            client.localFailed();
        }
        finish();
    }

    private void fail(Problem problem) {
        if (over) {
            return;
        }
        if (!open && redial.later(this, problem)) {
            giveUpServer();
            return;
        }
        events.failed(problem);
        finish();
    }

    private void giveUpServer() {
        if (remote != null) {
            remote.session.closeNow();
        }
        remote = null;
        client = null;
        proxyAnswer = null;
    }

    /// True for a connection to the server whose try is over.
    private boolean isGivenUp(IoSession session) {
        return session != local.session && (remote == null || session != remote.session);
    }

    @Override
    public void transmit(ByteBuffer bytes) {
        if (remote != null) {
            remote.write(bytes);
        }
    }

    @Override
    public void transmitPong(ByteBuffer frame) {
        if (remote != null && remote.waiting == 0) {
            remote.write(frame);
        }
    }

    @Override
    public void answered(ByteBuffer payload) {
        if (payload.remaining() == Long.BYTES) {
            meter.answered(System.nanoTime() - payload.getLong(payload.position()));
        }
    }

    @Override
    public void opened() {
        open = true;
        meter.opened();
        events.opened(meter);
        balance();
    }

    @Override
    public void deliver(ByteBuffer bytes) {
        meter.delivered(bytes.remaining());
        local.write(bytes);
        balance();
    }

    @Override
    public void deliverEnd() {
        local.endAfterFlush = true;
        local.flushed();
    }

    @Override
    public void ended(StreamEnd end) {
        Problem problem = Explanation.of(end, route);
        if (end instanceof StreamEnd.Lost && remote != null) {
            remote.session.closeNow();
        }
        if (problem != null && !over) {
            fail(problem);
        } else {
            finish();
        }
    }

    private void finish() {
        if (open && !over) {
            events.ended(meter);
        }
        over = true;
        local.closeAfterFlush = true;
        local.flushed();
        if (remote != null) {
            remote.closeAfterFlush = true;
            if (remote.inputEnded) {
                // A server that has closed TLS takes nothing more.
                remote.session.closeNow();
            }
            remote.flushed();
        }
    }

    private void balance() {
        Side server = remote;
        if (server == null || over) {
            return;
        }
        if (open) {
            local.readWhile(server.hasRoom(local.session.isReadSuspended()));
        }
        server.readWhile(local.hasRoom(server.session.isReadSuspended()));
    }

    /// One session and what waits to leave it.
    private static final class Side {
        static final long HIGH = 256 * 1024;
        static final long LOW = 64 * 1024;

        /// MINA's TLS filter refuses more than 64 waiting writes.
        static final int MOST_WRITES = 32;

        final IoSession session;
        long waiting;
        int writes;
        boolean inputEnded;
        boolean endAfterFlush;
        boolean closeAfterFlush;

        Side(IoSession session) {
            this.session = session;
        }

        void write(ByteBuffer bytes) {
            writeOwned(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
        }

        void writeOwned(ByteBuffer bytes) {
            IoBuffer buffer = IoBuffer.wrap(bytes);
            waiting += bytes.remaining();
            writes++;
            session.write(buffer);
        }

        void sent(IoBuffer buffer) {
            waiting -= buffer.limit();
            writes--;
            flushed();
        }

        boolean hasRoom(boolean stopped) {
            return stopped
                    ? waiting <= LOW && writes <= MOST_WRITES / 2
                    : waiting < HIGH && writes < MOST_WRITES;
        }

        void readWhile(boolean room) {
            if (inputEnded || room != session.isReadSuspended()) {
                return;
            }
            if (room) {
                session.resumeRead();
            } else {
                session.suspendRead();
            }
        }

        void flushed() {
            if (waiting > 0) {
                return;
            }
            if (closeAfterFlush) {
                session.closeNow();
            } else if (endAfterFlush && session instanceof NioSession nio) {
                endAfterFlush = false;
                try {
                    ((SocketChannel) nio.getChannel()).shutdownOutput();
                } catch (IOException e) {
                    session.closeNow();
                }
            }
        }
    }
}
