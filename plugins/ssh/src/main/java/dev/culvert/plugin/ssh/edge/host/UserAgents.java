package dev.culvert.plugin.ssh.edge.host;

import java.util.List;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/// The agent of the user whom a session is for, if that is how it signs in. None of the edge's own machine, and
/// none for hosts. Stateless.
final class UserAgents implements SshAgentFactory {
    @Override
    public @Nullable SshAgent createClient(@Nullable Session session, FactoryManager manager) {
        return session instanceof ClientSession host
                        && HostAttempt.of(host).how() instanceof SignIn.Agent user
                ? user.agent()
                : null;
    }

    @Override
    public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
        return List.of();
    }

    @Override
    public SshAgentServer createServer(ConnectionService service) {
        throw new UnsupportedOperationException("the edge has no agent for hosts");
    }
}
