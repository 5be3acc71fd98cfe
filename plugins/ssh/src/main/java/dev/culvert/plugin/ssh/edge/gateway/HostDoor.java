package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import org.apache.sshd.agent.SshAgent;
import org.jspecify.annotations.Nullable;

/// How a relay comes into a host.
interface HostDoor {
    /// Opens a session at a host, signed in. Blocking, at most 90 s. Its messages go to the relay by its
    /// [HostService].
    ///
    /// @param agent the client's; null when it has offered none
    /// @throws RefusedException when the host cannot be reached, is not the one it was, or lets nobody in
    void enter(Admitted admitted, String login, Relay relay, @Nullable SshAgent agent)
            throws RefusedException, InterruptedException;
}
