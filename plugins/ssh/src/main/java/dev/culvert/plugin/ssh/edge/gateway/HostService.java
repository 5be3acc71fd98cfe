package dev.culvert.plugin.ssh.edge.gateway;

import java.util.function.Function;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/// The host's side of a relay.
final class HostService extends RelayService {
    private final Relay relay;

    private HostService(Session session, Relay relay) {
        super(session);
        this.relay = relay;
        relay.host(new RelayEnd(session));
    }

    /// @param relays which one a session is for
    static ServiceFactory factory(Function<Session, Relay> relays) {
        return new ServiceFactory() {
            @Override
            public String getName() {
                return "ssh-connection";
            }

            @Override
            public Service create(Session session) {
                return new HostService(session, relays.apply(session));
            }
        };
    }

    @Override
    public void process(int command, Buffer buffer) throws Exception {
        relay.process(Side.HOST, command, buffer);
    }

    @Override
    void over() {
        relay.hostIsOver(getSession());
    }
}
