package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.Person;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.shell.ShellFactory;
import org.jspecify.annotations.Nullable;

/// What who names no host is told: how to. Whatever was asked to run, nothing runs here.
final class Lobby implements ShellFactory, CommandFactory {
    /// Of one connection: sessions, and hosts that it jumps to.
    static final int MAX_CHANNELS = 16;

    /// What a client may send in a channel before it is taken; the edge's memory.
    static final long WINDOW = 256 * 1024;

    private final EdgeServices services;

    Lobby(EdgeServices services) {
        this.services = services;
    }

    @Override
    public Command createShell(ChannelSession channel) {
        return new Words(0);
    }

    @Override
    public Command createCommand(ChannelSession channel, String command) {
        return new Words(1);
    }

    private String text(@Nullable Person person) {
        return "Signed in"
                + (person == null ? "." : " as " + person.email() + ".")
                + "\r\nName a host to come in to:\r\n"
                + "  ssh LOGIN%HOST@THIS-EDGE\r\n"
                + "  ssh -J THIS-EDGE LOGIN@HOST\r\n"
                + "Yours are listed at "
                + services.authOrigin()
                + "/\r\n";
    }

    private final class Words implements Command {
        private final int status;
        private @Nullable OutputStream output;
        private @Nullable ExitCallback exit;

        Words(int status) {
            this.status = status;
        }

        @Override
        public void setInputStream(InputStream in) {}

        @Override
        public void setOutputStream(OutputStream out) {
            if (status == 0) {
                output = out;
            }
        }

        @Override
        public void setErrorStream(OutputStream err) {
            if (status != 0) {
                output = err;
            }
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            String text = text(Visit.of(channel.getSession()).person());
            Thread.ofVirtual().name("ssh-lobby").start(() -> say(text));
        }

        private void say(String text) {
            OutputStream out = output;
            ExitCallback callback = exit;
            if (out == null || callback == null) {
                throw new IllegalStateException("started without its streams");
            }
            try {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
                callback.onExit(status);
            } catch (IOException e) {
                callback.onExit(1);
            }
        }

        @Override
        public void destroy(ChannelSession channel) {}
    }
}
