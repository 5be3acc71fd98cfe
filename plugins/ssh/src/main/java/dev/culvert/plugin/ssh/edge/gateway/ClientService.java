package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// The client's side of a relay: policies decide when its first message comes, and the relay begins.
final class ClientService extends RelayService {
    private final Gateway gateway;
    private @Nullable Relay relay;
    private boolean over;

    ClientService(Session session, Gateway gateway) {
        super(session);
        this.gateway = gateway;
    }

    /// @return null when it is refused; the client has been told
    private @Nullable Relay begun() throws IOException {
        Relay known = relay;
        if (known != null) {
            return known;
        }
        Admitted admitted;
        Target target;
        try {
            target = target();
            admitted = admit(target);
        } catch (RefusedException e) {
            getSession().disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, Relay.sentence(e));
            return null;
        }
        Relay made = gateway.relay(admitted, target.login(), new RelayEnd(getSession()));
        boolean late;
        synchronized (this) {
            relay = made;
            late = over;
        }
        if (late) {
            gateway.over(made);
        }
        return made;
    }

    private Target target() throws RefusedException {
        Admitted outer = Visit.of(getSession()).outer();
        String user = getSession().getUsername();
        Target target = outer == null ? Target.parse(user) : Target.of(user, outer.host());
        if (target == null) {
            throw new RefusedException(
                    "bad_target",
                    "The user name leads to no host: " + Requests.line(user),
                    "Use LOGIN%HOST, such as ann%build.example.com");
        }
        return target;
    }

    private Admitted admit(Target target) throws IOException {
        Visit visit = Visit.of(getSession());
        Admitted outer = visit.outer();
        if (outer != null) {
            return outer;
        }
        Person person = visit.person();
        if (person == null) {
            throw new IllegalStateException("nobody was proven to be there");
        }
        return gateway.admit(visit, person, target.host());
    }

    @Override
    public void process(int command, Buffer buffer) throws Exception {
        Relay begun = begun();
        if (begun != null) {
            begun.process(Side.CLIENT, command, buffer);
        }
    }

    @Override
    void over() {
        Relay known;
        synchronized (this) {
            over = true;
            known = relay;
        }
        if (known != null) {
            gateway.over(known);
        }
    }
}
