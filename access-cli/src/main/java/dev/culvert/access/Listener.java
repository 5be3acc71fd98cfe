package dev.culvert.access;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.apache.mina.core.RuntimeIoException;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.future.ConnectFuture;
import org.apache.mina.core.future.IoFutureListener;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.SocketSessionConfig;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.apache.mina.transport.socket.nio.NioSocketConnector;

/// A local port whose every connection becomes a stream.
///
/// # Threads
/// One thread, `access-io`, moves the bytes of all streams: acceptor and connector share one MINA
/// processor, so that both sessions of a [Bridge] are confined to it. Names are resolved on virtual
/// threads. MINA's own accept and connect threads only hand over. [#close] may be called by any
/// thread.
public final class Listener implements AutoCloseable {
    static final int IDLE_SECONDS = 30;

    /// Streams at once; two descriptors each.
    static final int MAX_STREAMS = 4096;

    private static final AttributeKey BRIDGE = new AttributeKey(Listener.class, "bridge");

    private final SignedRoute signed;
    private final SSLContext tls;
    private final StreamEvents events;
    private final Patience patience;
    private final ExecutorService threads;
    private final NioProcessor processor;
    private final NioSocketAcceptor acceptor;
    private final NioSocketConnector connector;

    Listener(Route route, SSLContext tls, StreamEvents events) {
        this(route, tls, events, Patience.NONE);
    }

    /// Without a login.
    ///
    /// @param patience with a service that is away
    public Listener(Route route, SSLContext tls, StreamEvents events, Patience patience) {
        this(new SignedRoute(route, null), tls, events, patience);
    }

    /// @param patience with a service that is away
    public Listener(SignedRoute signed, SSLContext tls, StreamEvents events, Patience patience) {
        this.signed = signed;
        this.tls = tls;
        this.events = events;
        this.patience = patience;
        threads =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().daemon().name("access-io-", 0).factory());
        processor = new NioProcessor(threads);
        acceptor = new NioSocketAcceptor(threads, processor);
        connector = new NioSocketConnector(threads, processor);
        Events sessions = new Events();
        acceptor.setHandler(sessions);
        acceptor.setBacklog(1024);
        // The port of an earlier run may have connections in TIME_WAIT.
        acceptor.setReuseAddress(true);
        connector.setHandler(sessions);
        connector.setConnectTimeoutMillis(Dialer.CONNECT_MILLIS);
        configure(acceptor.getSessionConfig());
        configure(connector.getSessionConfig());
        // For TLS and the WebSocket handshake: a burst of connections shares one thread.
        connector.getSessionConfig().setReaderIdleTime(IDLE_SECONDS);
    }

    private static void configure(SocketSessionConfig config) {
        config.setTcpNoDelay(true);
        config.setKeepAlive(true);
        config.setReadBufferSize(16 * 1024);
        config.setMaxReadBufferSize(32 * 1024);
        // A reader may pause for as long as it likes.
        config.setWriteTimeout(0);
    }

    /// Listens until the process is told to end.
    ///
    /// @return the exit code
    static int run(String listen, SignedRoute signed, SSLContext tls) throws Problem {
        InetSocketAddress address = address(listen);
        Listener listener = new Listener(signed, tls, Main::report, Patience.NONE);
        InetSocketAddress bound = listener.bind(address);
        Runtime.getRuntime().addShutdownHook(new Thread(listener::close, "access-close"));
        String host = bound.getAddress().getHostAddress();
        Main.say("access: listening on " + new HostPort(host, bound.getPort()) + "\n");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            listener.close();
        }
        return 0;
    }

    /// Reads `host:port`, `:port`, `port` or a URL, whose scheme and path are dropped. No host
    /// means loopback.
    public static InetSocketAddress address(String text) throws Problem {
        int scheme = text.indexOf("://");
        String rest = scheme >= 0 ? text.substring(scheme + 3) : text;
        int slash = rest.indexOf('/');
        rest = slash >= 0 ? rest.substring(0, slash) : rest;
        HostPort parsed =
                HostPort.portNumber(rest) >= 0
                        ? new HostPort("", HostPort.portNumber(rest))
                        : HostPort.parse(rest, -1);
        if (parsed == null) {
            throw Problem.usage(
                    "--url: " + text + " (expected: host:port)",
                    "for example --url 127.0.0.1:2222; port 0 picks a free one");
        }
        String host = parsed.host().isEmpty() ? "localhost" : parsed.host();
        try {
            InetAddress first = LocalNames.resolve(host)[0];
            return new InetSocketAddress(first, parsed.port());
        } catch (UnknownHostException e) {
            throw Problem.usage(
                    "--url: unknown name "
                            + host
                            + " (expected: a name or address of this machine)",
                    "for example --url 127.0.0.1:" + parsed.port());
        }
    }

    public InetSocketAddress bind(InetSocketAddress address) throws Problem {
        try {
            acceptor.bind(address);
            return acceptor.getLocalAddress();
        } catch (IOException | RuntimeIoException e) {
            close();
            boolean taken = e instanceof BindException || e.getCause() instanceof BindException;
            throw Problem.failed(
                    "cannot listen on "
                            + new HostPort(address.getHostString(), address.getPort())
                            + (taken ? ": " + message(e) : " (" + message(e) + ")"),
                    "stop the program that uses the port, or choose another port");
        }
    }

    private static String message(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    public int streams() {
        return acceptor.getManagedSessionCount();
    }

    /// Connections accepted since the start.
    public long accepted() {
        return acceptor.getStatistics().getCumulativeManagedSessionCount();
    }

    int connections() {
        return connector.getManagedSessionCount();
    }

    /// The streams there are, those that are not open yet among them.
    public List<StreamMeter> meters() {
        List<StreamMeter> meters = new ArrayList<>();
        for (IoSession session : acceptor.getManagedSessions().values()) {
            if (session.getAttribute(BRIDGE) instanceof Bridge bridge) {
                meters.add(bridge.meter());
            }
        }
        return meters;
    }

    /// Whether the round trip of streams is measured: one ping a second on those that send nothing else.
    public void watch(boolean on) {
        int seconds = on ? 1 : 0;
        connector.getSessionConfig().setWriterIdleTime(seconds);
        for (IoSession session : connector.getManagedSessions().values()) {
            session.getConfig().setWriterIdleTime(seconds);
        }
    }

    /// Stops accepting; streams go on.
    public void drain() {
        acceptor.setCloseOnDeactivation(false);
        acceptor.unbind();
    }

    /// Stops accepting and ends every stream.
    @Override
    public void close() {
        acceptor.setCloseOnDeactivation(true);
        acceptor.dispose();
        connector.getManagedSessions().values().forEach(IoSession::closeNow);
        connector.dispose();
        processor.dispose();
        threads.shutdown();
    }

    private void dial(Bridge bridge) {
        InetAddress[] addresses;
        try {
            addresses = LocalNames.resolve(signed.route().firstHop().host());
        } catch (UnknownHostException e) {
            refused(bridge, e);
            return;
        }
        dial(bridge, addresses, 0);
    }

    private void dial(Bridge bridge, InetAddress[] addresses, int index) {
        InetSocketAddress to =
                new InetSocketAddress(addresses[index], signed.route().firstHop().port());
        ConnectFuture future =
                connector.connect(to, (session, _) -> session.setAttribute(BRIDGE, bridge));
        IoFutureListener<ConnectFuture> done =
                answered -> {
                    Throwable cause = answered.getException();
                    if (cause == null) {
                        return;
                    }
                    if (index + 1 < addresses.length && bridge.accepted().isConnected()) {
                        dial(bridge, addresses, index + 1);
                        return;
                    }
                    refused(bridge, cause);
                };
        future.addListener(done);
    }

    private void refused(Bridge bridge, Throwable cause) {
        Problem problem = Explanation.of(cause, signed.route());
        if (!dialLater(bridge, problem)) {
            events.failed(problem);
            bridge.accepted().closeNow();
        }
    }

    private boolean dialLater(Bridge bridge, Problem why) {
        StreamMeter stream = bridge.meter();
        if (signed.mayRenew(why, bridge.renewals())) {
            Route refused = bridge.renew();
            events.waiting(stream, why);
            Thread.ofVirtual().name("access-login").start(() -> logIn(bridge, refused));
            return true;
        }
        if (!patience.covers(why, stream)
                || !acceptor.isActive()
                || !bridge.accepted().isConnected()) {
            return false;
        }
        int tries = stream.tryAgain();
        if (tries == 1) {
            events.waiting(stream, why);
        }
        Thread.ofVirtual()
                .name("access-dial")
                .start(() -> {
                    LockSupport.parkNanos(Patience.pause(tries).toNanos());
                    if (bridge.accepted().isConnected()) {
                        dial(bridge);
                    }
                });
        return true;
    }

    private void logIn(Bridge bridge, Route refused) {
        try {
            signed.renew(refused);
            dial(bridge);
        } catch (Problem problem) {
            events.failed(problem);
            bridge.accepted().closeNow();
        }
    }

    /// Hands the events of a session to its bridge, on the I/O thread.
    private final class Events extends IoHandlerAdapter {
        private long numbered;

        @Override
        public void sessionOpened(IoSession session) throws Exception {
            Bridge bridge = bridge(session);
            if (bridge != null) {
                bridge.connected(session);
            } else if (streams() > MAX_STREAMS) {
                events.failed(
                        Problem.failed(
                                "more than " + MAX_STREAMS + " connections at once",
                                "close some, or run a second access on another port"));
                session.closeNow();
            } else {
                InetSocketAddress from = (InetSocketAddress) session.getRemoteAddress();
                StreamMeter meter =
                        new StreamMeter(
                                ++numbered,
                                new HostPort(from.getAddress().getHostAddress(), from.getPort())
                                        .toString());
                Bridge fresh =
                        new Bridge(signed, tls, session, meter, events, Listener.this::dialLater);
                session.setAttribute(BRIDGE, fresh);
                Thread.ofVirtual().name("access-dial").start(() -> dial(fresh));
            }
        }

        @Override
        public void messageReceived(IoSession session, Object message) throws Exception {
            Bridge bridge = bridge(session);
            if (bridge != null) {
                bridge.received(session, (IoBuffer) message);
            }
        }

        @Override
        public void messageSent(IoSession session, Object message) throws Exception {
            Bridge bridge = bridge(session);
            if (bridge != null) {
                bridge.sent(session, message);
            }
        }

        @Override
        public void inputClosed(IoSession session) throws Exception {
            Bridge bridge = bridge(session);
            if (bridge != null) {
                bridge.inputClosed(session);
            }
        }

        @Override
        public void sessionIdle(IoSession session, IdleStatus status) throws Exception {
            Bridge bridge = bridge(session);
            if (bridge != null && status == IdleStatus.WRITER_IDLE) {
                bridge.measure(session);
            } else if (bridge != null) {
                bridge.idle(session);
            }
        }

        @Override
        public void sessionClosed(IoSession session) {
            Bridge bridge = bridge(session);
            if (bridge != null) {
                bridge.closed(session);
            }
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            Bridge bridge = bridge(session);
            if (bridge != null) {
                bridge.failed(session, cause);
            }
            session.closeNow();
        }

        private @org.jspecify.annotations.Nullable Bridge bridge(IoSession session) {
            return (Bridge) session.getAttribute(BRIDGE);
        }
    }
}
