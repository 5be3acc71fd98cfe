package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.net.SocketAddress;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.jspecify.annotations.Nullable;

/// Makes a session of the [Wire] that the context of a connection brings, and of nothing else.
final class StreamConnector extends StreamService implements IoConnector {
    /// The key of a context's wire.
    static final AttributeRepository.AttributeKey<Wire> WIRE =
            new AttributeRepository.AttributeKey<>();

    StreamConnector(IoHandler handler) {
        super(handler);
    }

    @Override
    public IoConnectFuture connect(
            SocketAddress address,
            @Nullable AttributeRepository context,
            @Nullable SocketAddress localAddress) {
        IoConnectFuture future = new DefaultIoConnectFuture(address, null);
        Wire wire = context == null ? null : context.getAttribute(WIRE);
        if (context == null || wire == null) {
            future.setException(
                    new IOException("to " + address + ": the edge opens no connection of its own"));
            return future;
        }
        StreamSession session = newSession(wire);
        session.setAttribute(AttributeRepository.class, context);
        try {
            session.open();
        } catch (IOException e) {
            future.setException(e);
            return future;
        }
        future.setSession(session);
        Thread.ofVirtual().name("ssh-read-" + session.getId()).start(session::read);
        return future;
    }
}
