package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/// SSHD's server over wires: it listens nowhere, and [#serve] is given its clients. Sessions may open channels
/// of kind `session`, and nothing else unless it is set otherwise.
///
/// To be started and closed. Thread-safe after that.
public final class StreamServer extends SshServer {
    private @Nullable StreamAcceptor streams;

    public StreamServer(ScheduledExecutorService timer) {
        setScheduledExecutorService(timer);
        Defaults.set(this);
        setKeyExchangeFactories(Algorithms.keyExchanges(ServerBuilder.DH2KEX));
        setKexExtensionHandler(ServerBuilder.DEFAULT_KEX_EXTENSION_HANDLER);
        setGlobalRequestHandlers(
                List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
        setChannelFactories(List.of(ChannelSessionFactory.INSTANCE));
        // SSHD wants a number; it is not bound.
        setPort(22);
    }

    /// Serves one client on the calling thread until its session is over.
    ///
    /// @throws IOException when there was no session; what a session ends of goes to its listeners
    /// @see ServerSession
    public void serve(Wire wire) throws IOException {
        StreamAcceptor acceptor = streams;
        if (acceptor == null) {
            throw new IllegalStateException("not started");
        }
        acceptor.accept(wire);
    }

    @Override
    protected IoAcceptor createAcceptor() {
        StreamAcceptor acceptor = new StreamAcceptor(getSessionFactory(), true);
        streams = acceptor;
        return acceptor;
    }
}
