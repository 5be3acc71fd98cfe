package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.web.BrowserSocket;
import dev.culvert.plugin.edge.web.BrowserSocket.BadMessage;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.websocket.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One WebSocket of a page, from the first `connect` to the close: reads the page's messages, which never wait
/// for a host, and pings. One session at a time; another may follow one that was not opened.
final class Terminal implements BrowserSocket.Receiver {
    private static final Duration PING = Duration.ofSeconds(20);

    private final Admitted admitted;
    private final TerminalServices services;
    private final BrowserSocket socket;
    private volatile @Nullable TerminalSession session;

    Terminal(Admitted admitted, HttpExchange exchange, TerminalServices services) {
        this.admitted = admitted;
        this.services = services;
        socket = new BrowserSocket(exchange, this);
    }

    /// Runs until the page or the session is gone; then nothing of it is left.
    void run() throws IOException, InterruptedException {
        socket.accept();
        admitted.onEnd(reason -> end(new Ending.Revoked(reason)));
        ScheduledFuture<?> pings =
                services.timer()
                        .scheduleAtFixedRate(
                                () -> Thread.ofVirtual().name("ssh-ping").start(this::ping),
                                PING.toSeconds(),
                                PING.toSeconds(),
                                TimeUnit.SECONDS);
        try {
            socket.read();
        } catch (IOException e) {
            // The page is gone.
        } finally {
            pings.cancel(false);
            end(new Ending.PageGone());
            TerminalSession last = session;
            if (last != null) {
                last.join();
            }
            socket.end();
        }
    }

    private void end(Ending why) {
        TerminalSession now = session;
        if (now != null) {
            now.end(why);
        }
    }

    private void ping() {
        try {
            if (socket.isSilent()) {
                end(new Ending.PageGone());
                socket.end();
            } else {
                socket.ping();
            }
        } catch (IOException e) {
            end(new Ending.PageGone());
        }
    }

    @Override
    public void text(byte[] bytes) throws IOException, ProtocolException {
        ClientMessage message = ClientMessage.parse(bytes);
        TerminalSession now = session;
        if (message instanceof ClientMessage.Connect connect) {
            if (now != null && !now.mayBeFollowed()) {
                throw new BadMessage("connect: while there is a session (expected: once)");
            }
            session = new TerminalSession(admitted, connect, services, socket).start();
        } else if (message instanceof ClientMessage.Disconnect) {
            end(new Ending.PageGone());
            socket.close(CloseCode.NORMAL, "");
        } else if (now != null) {
            tell(now, message);
        }
    }

    private static void tell(TerminalSession now, ClientMessage message) throws IOException {
        switch (message) {
            case ClientMessage.Resize size -> now.resize(size.columns(), size.rows());
            case ClientMessage.Ack ack -> now.rendered(ack.bytes());
            case ClientMessage.Answer answer -> now.dialog().answered(answer);
            case ClientMessage.HostKey key -> now.dialog().decided(key.accept());
            case ClientMessage.Connect _, ClientMessage.Disconnect _ ->
                    throw new IllegalStateException("answered before: " + message);
        }
    }

    @Override
    public void binary(ByteBuffer bytes) {
        TerminalSession now = session;
        if (now != null) {
            now.typed(bytes);
        }
    }
}
