package dev.culvert.plugin.ssh.edge.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/// The connection protocol of one side of a relay: where SSHD hands over what a session brings.
abstract class RelayService extends AbstractCloseable implements Service {
    private final Session session;
    private final Map<String, Object> properties = new ConcurrentHashMap<>();

    RelayService(Session session) {
        this.session = session;
        session.addCloseFutureListener(closed -> over());
    }

    /// The session is over.
    abstract void over();

    @Override
    public Session getSession() {
        return session;
    }

    @Override
    public Map<String, Object> getProperties() {
        return properties;
    }

    @Override
    public void start() {
        // Nothing is to be done before something comes.
    }
}
