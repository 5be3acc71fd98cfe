package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.Set;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoHandler;

/// Makes sessions of a server from wires that it is given. It listens nowhere.
final class StreamAcceptor extends StreamService implements IoAcceptor {
    private final boolean server;

    /// @param server whether a server starts with it, which for SSHD means to bind
    StreamAcceptor(IoHandler handler, boolean server) {
        super(handler);
        this.server = server;
    }

    /// Serves a client until it is done.
    void accept(Wire wire) throws IOException {
        StreamSession session = newSession(wire);
        session.open();
        session.read();
    }

    @Override
    public void bind(Collection<? extends SocketAddress> addresses) throws IOException {
        for (SocketAddress address : addresses) {
            bind(address);
        }
    }

    @Override
    public void bind(SocketAddress address) throws IOException {
        if (!server) {
            throw new BindException("on " + address + ": the edge opens no port for others");
        }
    }

    @Override
    public void unbind(Collection<? extends SocketAddress> addresses) {}

    @Override
    public void unbind(SocketAddress address) {}

    @Override
    public void unbind() {}

    @Override
    public Set<SocketAddress> getBoundAddresses() {
        return Set.of();
    }
}
