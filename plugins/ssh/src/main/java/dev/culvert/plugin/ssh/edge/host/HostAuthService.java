package dev.culvert.plugin.ssh.edge.host;

import java.io.IOException;
import java.util.List;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientUserAuthService;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/// SSHD's way of signing in, which keeps to one method until the host asks for another after it, and notes what
/// the host takes.
final class HostAuthService extends ClientUserAuthService {
    static final ClientUserAuthServiceFactory FACTORY =
            new ClientUserAuthServiceFactory() {
                @Override
                public Service create(Session session) throws IOException {
                    return new HostAuthService(session);
                }
            };

    private final HostAttempt attempt;

    private HostAuthService(Session session) {
        super(session);
        attempt = HostAttempt.of(clientSession);
        clientMethods.retainAll(attempt.firstMethods());
    }

    @Override
    protected void processUserAuth(int cmd, Buffer buffer, AuthFuture future) throws Exception {
        if (cmd == SshConstants.SSH_MSG_USERAUTH_FAILURE) {
            int start = buffer.rpos();
            List<String> methods = List.of(buffer.getString().split(",", -1));
            boolean partial = buffer.getBoolean();
            buffer.rpos(start);
            attempt.hostTakes(methods, partial);
            if (partial) {
                clientMethods.clear();
                clientMethods.addAll(HostAttempt.ALL_METHODS);
            }
        }
        super.processUserAuth(cmd, buffer, future);
    }
}
