package dev.culvert.plugin.ssh.edge.io;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractInnerCloseable;
import org.jspecify.annotations.Nullable;

/// The sessions that were made of wires for one handler. Closing it closes them.
abstract class StreamService extends AbstractInnerCloseable implements IoService {
    /// The local end of what is no socket.
    static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("edge", 0);

    private final IoHandler handler;
    private final Map<Long, IoSession> sessions = new ConcurrentHashMap<>();

    StreamService(IoHandler handler) {
        this.handler = handler;
    }

    StreamSession newSession(Wire wire) {
        StreamSession session = new StreamSession(this, handler, wire);
        sessions.put(session.getId(), session);
        if (isClosing()) {
            session.close(true);
        }
        return session;
    }

    void forget(StreamSession session) {
        sessions.remove(session.getId());
    }

    @Override
    protected Closeable getInnerCloseable() {
        return builder().parallel(toString(), List.copyOf(sessions.values())).build();
    }

    @Override
    public Map<Long, IoSession> getManagedSessions() {
        return Map.copyOf(sessions);
    }

    @Override
    public @Nullable IoServiceEventListener getIoServiceEventListener() {
        return null;
    }

    @Override
    public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
        StreamServices.refuseListener(listener);
    }
}
