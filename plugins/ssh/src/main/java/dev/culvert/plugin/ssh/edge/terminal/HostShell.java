package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.host.HostSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/// A shell on a host with a terminal of its own. Its window is small: what the host may send before it is
/// read comes after Ctrl-C all the same.
///
/// Thread-safe.
final class HostShell implements AutoCloseable {
    /// Most bytes that the host has sent and nobody has read.
    static final long WINDOW = 256 * 1024;

    private static final Duration OPENING = Duration.ofSeconds(20);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /// For programs of the shell; a host that has its own keeps it.
    private static final Map<String, String> ENVIRONMENT =
            Map.of("LANG", "C.UTF-8", "COLORTERM", "truecolor");

    private final ChannelShell channel;

    private HostShell(ChannelShell channel) {
        this.channel = channel;
    }

    static HostShell open(HostSession host, ClientMessage.Connect asked) throws IOException {
        PtyChannelConfiguration terminal = new PtyChannelConfiguration();
        terminal.setPtyType(asked.term());
        terminal.setPtyColumns(asked.columns());
        terminal.setPtyLines(asked.rows());
        terminal.setPtyWidth(0);
        terminal.setPtyHeight(0);
        terminal.setPtyModes(Map.of(PtyMode.VERASE, 127, PtyMode.IUTF8, 1));
        ChannelShell channel = new ChannelShell(terminal, ENVIRONMENT);
        channel.setRedirectErrorStream(true);
        CoreModuleProperties.WINDOW_SIZE.set(channel, WINDOW);
        ClientSession session = host.ssh();
        session.getService(ConnectionService.class).registerChannel(channel);
        try {
            channel.open().verify(OPENING);
        } catch (SshException e) {
            channel.close(true);
            throw new RefusedException(
                    "shell_refused",
                    host.admitted().host() + " opens no shell for " + host.login() + ".",
                    "See the host's log (sshd: MaxSessions, ForceCommand, the account's shell).");
        }
        return new HostShell(channel);
    }

    /// Ends when the shell does.
    InputStream output() {
        return channel.getInvertedOut();
    }

    OutputStream input() {
        return channel.getInvertedIn();
    }

    void resize(int columns, int rows) throws IOException {
        channel.sendWindowChange(columns, rows, 0, 0);
    }

    /// Waits a little for what the host says of its end.
    void awaitEnd() {
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), LAST_WORDS);
    }

    /// Null when the host has not said.
    @Nullable Integer status() {
        return channel.getExitStatus();
    }

    @Nullable String signal() {
        return channel.getExitSignal();
    }

    @Override
    public void close() {
        channel.close(true);
    }
}
