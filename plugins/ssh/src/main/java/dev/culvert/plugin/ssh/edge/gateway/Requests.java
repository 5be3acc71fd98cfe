package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.gateway.RelayedChannel.Answer;
import dev.culvert.plugin.ssh.edge.gateway.RelayedChannel.Terminal;
import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/// The requests in channels (RFC 4254, sections 5.4 and 6): which of a client's go to the host. A host's all go to
/// the client.
///
/// What runs in a session's channel begins with `shell`, `exec` or `subsystem`: then its recording does. One that is
/// not allowed, or may not go unrecorded and would, is answered as if it ran, says why and exits, since clients show
/// that best.
///
/// Used by the thread that reads the side which asks.
final class Requests {
    private static final int DENIED = 126;
    private static final int MAX_LINE = 1000;
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private final Relay relay;
    private final EdgeServices services;
    private final Admitted admitted;
    private final String login;
    private final Permissions permissions;
    private final HostEntrance entrance;

    /// One request of a client.
    private record Request(
            RelayedChannel channel,
            String name,
            boolean wantsAnswer,
            Buffer details,
            byte[] body) {}

    Requests(
            Relay relay,
            EdgeServices services,
            Admitted admitted,
            String login,
            Permissions permissions,
            HostEntrance entrance) {
        this.relay = relay;
        this.services = services;
        this.admitted = admitted;
        this.login = login;
        this.permissions = permissions;
        this.entrance = entrance;
    }

    /// @param body what follows the number of the channel
    void request(Side from, RelayedChannel channel, byte[] body) throws IOException {
        Buffer details = new ByteArrayBuffer(body);
        String name = details.getString();
        Request request = new Request(channel, name, details.getBoolean(), details, body);
        if (from == Side.HOST) {
            pass(Side.HOST, request);
        } else if (channel.isSession()) {
            ofSession(request);
        } else {
            answer(request, Answer.FAILURE);
        }
    }

    private void ofSession(Request request) throws IOException {
        Buffer details = request.details();
        switch (request.name()) {
            case "pty-req" -> terminal(request);
            case "window-change" -> resize(request);
            case "env" -> variable(request, details.getString());
            case "x11-req" -> passIf(request, Use.X11);
            case "auth-agent-req@openssh.com" -> agent(request);
            case "shell" -> begin(request, Use.SHELL, "");
            case "exec" -> begin(request, Use.EXEC, details.getString());
            case "subsystem" -> subsystem(request, details.getString());
            case "signal", "break", "xon-xoff", "eow@openssh.com" -> pass(Side.CLIENT, request);
            default -> answer(request, Answer.FAILURE);
        }
    }

    /// Where neither a shell nor commands are allowed, what comes next is denied with words; clients that are denied
    /// a terminal would show none.
    private void terminal(Request request) throws IOException {
        if (!permissions.allows(Use.SHELL) && !permissions.allows(Use.EXEC)) {
            answer(request, Answer.SUCCESS);
            return;
        }
        pass(Side.CLIENT, request);
        Buffer details = request.details();
        details.getString();
        request.channel().terminal = size(details);
    }

    private void resize(Request request) throws IOException {
        Terminal size = size(request.details());
        SessionTape tape = request.channel().tape;
        if (tape != null) {
            tape.recorder().resize(size.columns(), size.rows());
        }
        request.channel().terminal = size;
        pass(Side.CLIENT, request);
    }

    /// Clients without a screen say 0.
    private static Terminal size(Buffer details) {
        int columns = details.getInt();
        int rows = details.getInt();
        return new Terminal(
                columns > 0 && columns <= 10_000 ? columns : COLUMNS,
                rows > 0 && rows <= 10_000 ? rows : ROWS);
    }

    /// Nothing is said about it: clients send variables that nobody has asked for.
    private void variable(Request request, String name) throws IOException {
        if (Uses.isHarmless(name) || permissions.refusal(Use.ENV) == null) {
            pass(Side.CLIENT, request);
        } else {
            answer(request, Answer.FAILURE);
        }
    }

    private void agent(Request request) throws IOException {
        entrance.offerAgent();
        passIf(request, Use.AGENT);
    }

    private void passIf(Request request, Use use) throws IOException {
        String refusal = permissions.refusal(use);
        if (refusal == null) {
            pass(Side.CLIENT, request);
        } else {
            relay.say(request.channel(), refusal);
            answer(request, Answer.FAILURE);
        }
    }

    private void subsystem(Request request, String name) throws IOException {
        begin(request, Uses.ofSubsystem(name), name);
    }

    /// @param command of `exec`, name of a subsystem, empty for a shell
    private void begin(Request request, Use use, String command) throws IOException {
        RelayedChannel channel = request.channel();
        if (channel.begun) {
            answer(request, Answer.FAILURE);
            return;
        }
        channel.begun = true;
        String refusal = permissions.refusal(use);
        if (refusal == null) {
            refusal = record(channel, use, command);
        }
        if (refusal != null) {
            answer(request, Answer.SUCCESS);
            relay.finish(channel, refusal, DENIED);
            return;
        }
        pass(Side.CLIENT, request);
        entrance.need(relay.guest(channel));
    }

    /// @return what is said when it may not begin, null when it may
    private @Nullable String record(RelayedChannel channel, Use use, String command) {
        Recording recording = admitted.ssh().settings().recording();
        SessionTape tape = null;
        if (recording != Recording.OFF) {
            try {
                tape = tape(channel, use, command, recording);
            } catch (RefusedException e) {
                return Relay.sentence(e);
            } catch (IOException e) {
                return "This session cannot be recorded: " + e.getMessage() + ".";
            }
        }
        channel.tape = tape;
        services.audit(
                AuditNote.of(
                        admitted,
                        "opened",
                        "use",
                        use.word(),
                        "login",
                        login,
                        "via",
                        "gateway",
                        "recording",
                        tape == null ? "" : tape.recorder().id()));
        return null;
    }

    private SessionTape tape(RelayedChannel channel, Use use, String command, Recording recording)
            throws IOException {
        Terminal terminal = channel.terminal;
        Recorder recorder =
                services.recordings()
                        .begin(
                                new Recordings.Subject(
                                        admitted,
                                        "ssh",
                                        login,
                                        "gateway",
                                        terminal == null ? COLUMNS : terminal.columns(),
                                        terminal == null ? ROWS : terminal.rows(),
                                        line(command),
                                        admitted.ssh().rights().recordInput()),
                                recording == Recording.REQUIRED
                                        ? Recorder.Mode.REQUIRED
                                        : Recorder.Mode.BEST_EFFORT);
        recorder.onFailure(relay::end);
        recorder.onEnd(relay::end);
        long most =
                terminal != null || recording == Recording.REQUIRED
                        ? Long.MAX_VALUE
                        : SessionTape.MAX_WITHOUT_TERMINAL;
        return new SessionTape(recorder, terminal != null, most, use == Use.SFTP);
    }

    /// A port or socket of the client's is forwarded by the host.
    ///
    /// @param opening details of the channel
    void forwards(String type, byte[] opening) {
        Buffer details = new ByteArrayBuffer(opening);
        String where = details.getString();
        if (type.equals("direct-tcpip")) {
            where = where + ":" + details.getUInt();
        }
        relay.forwards(Use.LOCAL_FORWARD, "to", line(where));
    }

    /// Text of somebody's on one line.
    static String line(String text) {
        return OneLine.marked(text, MAX_LINE);
    }

    private void pass(Side from, Request request) throws IOException {
        RelayedChannel channel = request.channel();
        synchronized (channel) {
            if (request.wantsAnswer()) {
                channel.expect(from, Answer.BY_OTHER_SIDE);
            }
            relay.pass(from, channel, SshConstants.SSH_MSG_CHANNEL_REQUEST, request.body());
        }
    }

    private void answer(Request request, Answer answer) throws IOException {
        if (request.wantsAnswer()) {
            relay.answer(Side.CLIENT, request.channel(), answer);
        }
    }
}
