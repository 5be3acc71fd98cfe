package dev.culvert.plugin.ssh.edge.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/// What somebody gets who has too many connections: words, when the first message comes. Before that the client may
/// not have been told yet that it is signed in.
final class TooManyService extends RelayService {
    /// Clients that want something send it at once.
    private static final Duration SILENT = Duration.ofSeconds(10);

    private final int most;

    /// @param most connections that they may have
    TooManyService(Session session, ScheduledExecutorService timer, int most) {
        super(session);
        this.most = most;
        timer.schedule(() -> session.close(true), SILENT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void process(int command, Buffer buffer) throws IOException {
        getSession()
                .disconnect(
                        SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS,
                        "You have " + most + " connections to the gateway. Close some.");
    }

    @Override
    void over() {
        // Nothing has begun.
    }
}
