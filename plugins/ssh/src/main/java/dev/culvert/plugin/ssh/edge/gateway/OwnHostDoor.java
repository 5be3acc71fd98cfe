package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.UserCertificates;
import dev.culvert.plugin.ssh.edge.host.HostClient;
import dev.culvert.plugin.ssh.edge.host.HostKeys;
import dev.culvert.plugin.ssh.edge.host.SignIn;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.agent.SshAgent;
import org.jspecify.annotations.Nullable;

/// Comes into hosts by a certificate of our authority, where the policy has the login name; where it has not, or the
/// host does not take it, by the keys in the client's agent.
///
/// Thread-safe. Blocking.
final class OwnHostDoor implements HostDoor, AutoCloseable {
    private final HostClient client;

    OwnHostDoor(ScheduledExecutorService timer, HostKeys keys, UserCertificates certificates) {
        client =
                new HostClient(
                        timer,
                        keys,
                        certificates,
                        HostService.factory(
                                session -> ((RelayDialog) HostClient.dialog(session)).relay()));
    }

    @Override
    public void enter(Admitted admitted, String login, Relay relay, @Nullable SshAgent agent)
            throws RefusedException, InterruptedException {
        if (!admitted.ssh().principals().contains(login)) {
            if (agent == null) {
                throw new RefusedException(
                        "login_refused",
                        "The policies of "
                                + admitted.application()
                                + " have no certificate for the name "
                                + Requests.line(login)
                                + " (they have: "
                                + String.join(", ", admitted.ssh().principals())
                                + ")",
                        "Use one of these names, or forward your agent with a key that the host"
                                + " knows: ssh -A");
            }
            enter(admitted, login, relay, new SignIn.Agent(agent));
            return;
        }
        try {
            enter(admitted, login, relay, new SignIn.Certificate());
        } catch (RefusedException e) {
            if (agent == null || !e.code().equals("sign_in_failed")) {
                throw e;
            }
            enter(admitted, login, relay, new SignIn.Agent(agent));
        }
    }

    private void enter(Admitted admitted, String login, Relay relay, SignIn how)
            throws RefusedException, InterruptedException {
        try {
            client.open(admitted, login, how, new RelayDialog(relay, admitted.host()));
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            throw new RefusedException(
                    "host_ended",
                    "The connection to " + admitted.host() + " broke: " + e.getMessage(),
                    "Try again");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
