package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.agent.SshAgent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a relay into its host: gone once, when the first thing needs it, on a thread of its own. What needs it
/// meanwhile waits; what comes after a refusal is refused alike.
///
/// Thread-safe.
final class HostEntrance {
    private static final Logger log = LoggerFactory.getLogger(HostEntrance.class);

    /// Channels and requests without one.
    private static final int MAX_WAITING = 1024;

    private final Relay relay;
    private final Admitted admitted;
    private final String login;
    private final HostDoor door;
    private final List<Guest> waiting = new ArrayList<>();
    private @Nullable Thread way;
    private boolean in;
    private @Nullable RefusedException refused;
    private boolean closed;

    /// Whether the client has said that it forwards its agent.
    private volatile boolean agentOffered;

    /// What needs the host. Told once.
    interface Guest {
        void in() throws IOException;

        void refused(RefusedException why) throws IOException;
    }

    HostEntrance(Relay relay, Admitted admitted, String login, HostDoor door) {
        this.relay = relay;
        this.admitted = admitted;
        this.login = login;
        this.door = door;
    }

    void offerAgent() {
        agentOffered = true;
    }

    synchronized boolean isIn() {
        return in;
    }

    void need(Guest guest) throws IOException {
        RefusedException no;
        synchronized (this) {
            no = refused;
            if (no == null && !in) {
                if (waiting.size() >= MAX_WAITING) {
                    throw new GatewayProtocolException("too much waits for the host");
                }
                waiting.add(guest);
                if (way == null && !closed) {
                    way = Thread.ofVirtual().name("ssh-enter").start(this::enter);
                }
                return;
            }
        }
        tell(guest, no);
    }

    private static void tell(Guest guest, @Nullable RefusedException no) throws IOException {
        if (no == null) {
            guest.in();
        } else {
            guest.refused(no);
        }
    }

    private void enter() {
        RefusedException no = null;
        try {
            SshAgent agent = agentOffered ? new ClientAgent(relay) : null;
            door.enter(admitted, login, relay, agent);
        } catch (RefusedException e) {
            no = e;
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            log.error("A host could not be entered id={}", admitted.id(), e);
            no =
                    new RefusedException(
                            "host_failed", "The host could not be entered.", "See the edge's log");
        }
        List<Guest> guests;
        synchronized (this) {
            in = no == null;
            refused = no;
            guests = List.copyOf(waiting);
            waiting.clear();
        }
        try {
            for (Guest guest : guests) {
                tell(guest, no);
            }
        } catch (IOException e) {
            relay.end("The connection is broken.");
        }
    }

    /// Nobody needs it any more.
    synchronized void close() {
        closed = true;
        waiting.clear();
        Thread thread = way;
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }
}
