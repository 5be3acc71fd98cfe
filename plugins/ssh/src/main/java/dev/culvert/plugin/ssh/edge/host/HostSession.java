package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.Admitted;
import org.apache.sshd.client.session.ClientSession;

/// A session with a host in which somebody is signed in. Whoever opened it closes it.
///
/// Thread-safe.
public final class HostSession implements AutoCloseable {
    private final Admitted admitted;
    private final String login;
    private final ClientSession ssh;

    HostSession(Admitted admitted, String login, ClientSession ssh) {
        this.admitted = admitted;
        this.login = login;
        this.ssh = ssh;
    }

    public Admitted admitted() {
        return admitted;
    }

    /// The name on the host.
    public String login() {
        return login;
    }

    /// SSHD's session: channels are opened on it.
    public ClientSession ssh() {
        return ssh;
    }

    /// Calls back once when the session is over, at once when it is.
    public void onClose(Runnable closed) {
        ssh.addCloseFutureListener(_ -> closed.run());
    }

    /// Ends it and its channels at once. Idempotent.
    @Override
    public void close() {
        ssh.close(true);
    }
}
