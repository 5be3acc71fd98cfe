package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.ssh.edge.gateway.RelayedChannel.Answer;
import dev.culvert.plugin.ssh.edge.gateway.RelayedChannel.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the channels of a client's session to a session at a host, and back.
///
/// # What passes
///
/// The two sessions are SSHD's: key exchange, encryption, sign-in. What comes after that, the messages of the
/// connection protocol (RFC 4254), comes here and goes on to the other session, with the number of the channel
/// changed. Each channel, request and forwarding is allowed by the policy or answered here; see [Requests].
///
/// # Windows
///
/// One side may send what the other has granted, since the message that grants is passed on like any other: the
/// edge grants nothing of its own. What it holds of a channel is what is between two sockets: [RelayEnd#ROOM] for
/// each direction of a connection, and a packet. A channel that stands still keeps nothing here, so no other waits
/// for it; and what is typed is behind at most that many bytes.
///
/// # Threads
///
/// The thread that reads a session brings its messages, one after the other, and waits for room at the other side
/// before each. Under a channel's monitor nothing waits, so both threads may use a channel at once.
final class Relay {
    static final int MAX_CHANNELS = 256;

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    /// What every SSH implementation takes (RFC 4253, section 6.1), for channels that the host has not opened yet.
    private static final long EARLY_PACKET = 32 * 1024;

    private static final long MAX_UINT32 = 0xffff_ffffL;

    private final EdgeServices services;
    private final Admitted admitted;
    private final String login;
    private final RelayEnd client;
    private final Permissions permissions;
    private final Forwards forwards;
    private final HostEntrance entrance;
    private final Requests requests;
    private final GlobalRequests globals;
    private final Map<Long, RelayedChannel> channels = new ConcurrentHashMap<>();
    private final Map<Long, OwnChannel> own = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final LongAdder toHost = new LongAdder();
    private final LongAdder fromHost = new LongAdder();
    private final Instant since;
    private volatile @Nullable RelayEnd host;

    /// A channel to the client whose other end is the edge itself.
    interface OwnChannel {
        /// @param command 91 to 100
        /// @param in what follows the number
        void message(int command, Buffer in) throws IOException;

        /// The session is over.
        void gone();
    }

    /// @param login name at the host
    Relay(EdgeServices services, Admitted admitted, String login, RelayEnd client, HostDoor door) {
        this.services = services;
        this.admitted = admitted;
        this.login = login;
        this.client = client;
        this.since = services.clock().instant();
        this.permissions = new Permissions(services, admitted, login);
        this.forwards = new Forwards(services, admitted, login);
        this.entrance = new HostEntrance(this, admitted, login, door);
        this.requests = new Requests(this, services, admitted, login, permissions, entrance);
        this.globals = new GlobalRequests(this, permissions, entrance);
        admitted.onEnd(this::end);
    }

    RelayEnd client() {
        return client;
    }

    GlobalRequests globals() {
        return globals;
    }

    /// The session at the host, which is still to be signed in.
    void host(RelayEnd session) {
        host = session;
        if (over.get()) {
            session.session().close(true);
        }
    }

    /// @throws IllegalStateException when there is none yet
    RelayEnd end(Side side) {
        RelayEnd end = side == Side.CLIENT ? client : host;
        if (end == null) {
            throw new IllegalStateException("there is no session at the host yet");
        }
        return end;
    }

    /// One message of a side. Waits until the other side has taken what came before.
    ///
    /// @param in what follows the command; read during the call only
    void process(Side from, int command, Buffer in) throws IOException, InterruptedException {
        if (over.get()) {
            return;
        }
        RelayEnd to = from == Side.CLIENT ? host : client;
        if (to != null) {
            to.awaitRoom(end(from));
        }
        switch (command) {
            case SshConstants.SSH_MSG_GLOBAL_REQUEST -> globals.request(from, in);
            case SshConstants.SSH_MSG_REQUEST_SUCCESS, SshConstants.SSH_MSG_REQUEST_FAILURE ->
                    globals.answer(from, command, in);
            case SshConstants.SSH_MSG_CHANNEL_OPEN -> open(from, in);
            default -> channelMessage(from, command, in);
        }
    }

    private void channelMessage(Side from, int command, Buffer in) throws IOException {
        long id = in.getUInt();
        OwnChannel ours = from == Side.CLIENT ? own.get(id) : null;
        if (ours != null) {
            ours.message(command, in);
            return;
        }
        RelayedChannel channel = channels.get(id);
        if (channel == null) {
            throw new GatewayProtocolException("there is no channel " + id);
        }
        switch (command) {
            case SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION -> opened(from, channel, in);
            case SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE -> notOpened(from, channel, in);
            case SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST -> window(from, channel, in.getUInt());
            case SshConstants.SSH_MSG_CHANNEL_DATA -> data(from, channel, null, in);
            case SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA -> data(from, channel, in.getInt(), in);
            case SshConstants.SSH_MSG_CHANNEL_EOF -> pass(from, channel, command, new byte[0]);
            case SshConstants.SSH_MSG_CHANNEL_CLOSE -> close(from, channel);
            case SshConstants.SSH_MSG_CHANNEL_REQUEST -> requests.request(from, channel, rest(in));
            case SshConstants.SSH_MSG_CHANNEL_SUCCESS, SshConstants.SSH_MSG_CHANNEL_FAILURE ->
                    answer(from, channel, command);
            default -> throw new GatewayProtocolException("message " + command + " is none of SSH");
        }
    }

    static byte[] rest(Buffer in) {
        byte[] bytes = new byte[in.available()];
        in.getRawBytes(bytes);
        return bytes;
    }

    // Opening.

    private void open(Side from, Buffer in) throws IOException {
        String type = in.getString();
        long number = in.getUInt();
        long window = in.getUInt();
        long packet = in.getUInt();
        RelayedChannel channel = new RelayedChannel(ids.incrementAndGet(), type, from, rest(in));
        if (channels.size() >= MAX_CHANNELS) {
            refuse(from, number, SshConstants.SSH_OPEN_RESOURCE_SHORTAGE, "too many channels");
            return;
        }
        if (packet == 0) {
            throw new GatewayProtocolException("packets of no bytes");
        }
        RelayedChannel.End opener = channel.at(from);
        opener.number = number;
        opener.window = window;
        opener.packet = packet;
        if (from == Side.CLIENT && channel.isSession()) {
            openEarly(channel);
            return;
        }
        Use use = from == Side.CLIENT ? Uses.ofClientsChannel(type) : Uses.ofHostsChannel(type);
        String refusal = use == null ? "There is no such channel here." : permissions.refusal(use);
        if (refusal != null) {
            int reason =
                    use == null
                            ? SshConstants.SSH_OPEN_UNKNOWN_CHANNEL_TYPE
                            : SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED;
            refuse(from, number, reason, refusal);
            return;
        }
        channels.put(channel.id, channel);
        if (from == Side.CLIENT) {
            requests.forwards(type, channel.opening);
            entrance.need(guest(channel));
        } else {
            sendOpen(Side.CLIENT, channel, opener);
        }
    }

    /// A session's channel is there for the client at once, without a window.
    private void openEarly(RelayedChannel channel) throws IOException {
        channels.put(channel.id, channel);
        synchronized (channel) {
            channel.client.open = true;
            sendOpened(Side.CLIENT, channel, 0, EARLY_PACKET);
        }
        if (entrance.isIn()) {
            openAtHost(channel);
        }
    }

    private void sendOpened(Side to, RelayedChannel channel, long window, long packet)
            throws IOException {
        Buffer message =
                end(to).message(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION, 4 * Integer.BYTES);
        message.putUInt(channel.at(to).number);
        message.putUInt(channel.id);
        message.putUInt(window);
        message.putUInt(packet);
        end(to).send(message);
    }

    HostEntrance.Guest guest(RelayedChannel channel) {
        return new HostEntrance.Guest() {
            @Override
            public void in() throws IOException {
                openAtHost(channel);
            }

            @Override
            public void refused(RefusedException why) throws IOException {
                String text = sentence(why);
                if (channel.isSession()) {
                    finish(channel, text, 255);
                } else {
                    channels.remove(channel.id);
                    refuse(
                            Side.CLIENT,
                            channel.client.number,
                            SshConstants.SSH_OPEN_CONNECT_FAILED,
                            text);
                }
            }
        };
    }

    static String sentence(RefusedException why) {
        String message = why.getMessage();
        String end = message.endsWith(".") ? " " : ". ";
        String next = why.next();
        return message + end + capital(next) + (next.endsWith(".") ? "" : ".");
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /// Once for each channel, when the host is there.
    private void openAtHost(RelayedChannel channel) throws IOException {
        synchronized (channel) {
            if (channel.opensAtHost || channel.host.open || channel.client.closeSent) {
                return;
            }
            channel.opensAtHost = true;
            sendOpen(Side.HOST, channel, channel.client);
        }
    }

    private void sendOpen(Side to, RelayedChannel channel, RelayedChannel.End opener)
            throws IOException {
        Buffer message =
                end(to).message(
                                SshConstants.SSH_MSG_CHANNEL_OPEN,
                                channel.type.length() + channel.opening.length + 4 * Integer.BYTES);
        message.putString(channel.type);
        message.putUInt(channel.id);
        message.putUInt(opener.window);
        message.putUInt(opener.packet);
        message.putRawBytes(channel.opening);
        end(to).send(message);
    }

    private void opened(Side from, RelayedChannel channel, Buffer in) throws IOException {
        long number = in.getUInt();
        long window = in.getUInt();
        long packet = in.getUInt();
        synchronized (channel) {
            RelayedChannel.End there = channel.at(from);
            if (channel.opener == from || there.open || packet == 0) {
                throw new GatewayProtocolException("a channel is opened that was not asked for");
            }
            there.opened(number, window, packet);
            channel.opensAtHost = false;
            if (from == Side.HOST && channel.isSession()) {
                catchUp(channel, window);
            } else {
                channel.takeEarly();
                RelayedChannel.End asker = channel.at(from.other());
                asker.open = true;
                sendOpened(from.other(), channel, window, packet);
            }
        }
    }

    /// The host has opened a session's channel: what the client has sent for it goes there now.
    private void catchUp(RelayedChannel channel, long window) throws IOException {
        List<Message> early = channel.takeEarly();
        if (!channel.client.takesMessages()) {
            sendClose(Side.HOST, channel);
            return;
        }
        for (Message message : early) {
            send(Side.HOST, channel, message.command(), message.body());
        }
        if (window > 0) {
            sendWindow(Side.CLIENT, channel, window);
        }
    }

    private void notOpened(Side from, RelayedChannel channel, Buffer in) throws IOException {
        int reason = in.getInt();
        String text = in.getString();
        synchronized (channel) {
            if (channel.opener == from || channel.at(from).open) {
                throw new GatewayProtocolException("a channel is refused that was not asked for");
            }
            channel.opensAtHost = false;
        }
        if (from == Side.HOST && channel.isSession()) {
            finish(channel, "The host opens no session: " + text, 255);
            return;
        }
        channels.remove(channel.id);
        refuse(from.other(), channel.at(from.other()).number, reason, text);
    }

    /// Tells a side that a channel it asked for is not opened.
    private void refuse(Side asker, long number, int reason, String text) throws IOException {
        Buffer message =
                end(asker)
                        .message(
                                SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE,
                                text.length() * 3 + 4 * Integer.BYTES);
        message.putUInt(number);
        message.putInt(reason);
        message.putString(text);
        message.putString("");
        end(asker).send(message);
    }

    // What passes through an open channel.

    private void window(Side from, RelayedChannel channel, long more) throws IOException {
        synchronized (channel) {
            RelayedChannel.End there = channel.at(from.other());
            if (there.takesMessages()) {
                sendWindow(from.other(), channel, more);
            } else if (!there.open && !channel.opensAtHost) {
                RelayedChannel.End here = channel.at(from);
                here.window = Math.min(here.window + more, MAX_UINT32);
            } else if (!there.open) {
                pass(from, channel, SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, uint(more));
            }
        }
    }

    private static byte[] uint(long value) {
        return new byte[] {
            (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
        };
    }

    private void sendWindow(Side to, RelayedChannel channel, long more) throws IOException {
        send(to, channel, SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, uint(more));
    }

    /// @param kind of extended data, null for data
    private void data(Side from, RelayedChannel channel, @Nullable Integer kind, Buffer in)
            throws IOException {
        int length = in.getInt();
        if (length < 0 || length > in.available()) {
            throw new GatewayProtocolException("data of " + length + " bytes");
        }
        (from == Side.CLIENT ? toHost : fromHost).add(length);
        SessionTape tape = channel.tape;
        if (tape != null && from == Side.HOST) {
            tape.output(in.array(), in.rpos(), length);
        } else if (tape != null && kind == null) {
            tape.input(in.array(), in.rpos(), length);
        }
        synchronized (channel) {
            RelayedChannel.End there = channel.at(from.other());
            if (!there.open) {
                throw new GatewayProtocolException("data came without a window");
            }
            int at = in.rpos();
            int end = at + length;
            while (at < end && there.takesMessages()) {
                int part = (int) Math.min(end - at, there.packet);
                sendData(from.other(), channel, kind, in.array(), at, part);
                at += part;
            }
        }
    }

    private void sendData(
            Side to,
            RelayedChannel channel,
            @Nullable Integer kind,
            byte[] bytes,
            int offset,
            int length)
            throws IOException {
        int command =
                kind == null
                        ? SshConstants.SSH_MSG_CHANNEL_DATA
                        : SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA;
        Buffer message = end(to).message(command, length + 3 * Integer.BYTES);
        message.putUInt(channel.at(to).number);
        if (kind != null) {
            message.putInt(kind);
        }
        message.putBytes(bytes, offset, length);
        end(to).send(message);
    }

    /// Passes a message on: now, or when the host has opened the channel.
    void pass(Side from, RelayedChannel channel, int command, byte[] body) throws IOException {
        synchronized (channel) {
            RelayedChannel.End there = channel.at(from.other());
            if (there.takesMessages()) {
                send(from.other(), channel, command, body);
            } else if (from == Side.CLIENT && !there.open) {
                channel.keepEarly(new Message(command, body));
            }
        }
    }

    private void send(Side to, RelayedChannel channel, int command, byte[] body)
            throws IOException {
        Buffer message = end(to).message(command, body.length + Integer.BYTES);
        message.putUInt(channel.at(to).number);
        message.putRawBytes(body);
        end(to).send(message);
    }

    // Answers of requests, in the order of these.

    private void answer(Side from, RelayedChannel channel, int command) throws IOException {
        synchronized (channel) {
            Side asker = from.other();
            Deque<Answer> answers = channel.at(asker).answers;
            if (answers.peek() != Answer.BY_OTHER_SIDE) {
                throw new GatewayProtocolException("an answer came that nobody waits for");
            }
            answers.remove();
            if (channel.at(asker).takesMessages()) {
                send(asker, channel, command, new byte[0]);
                answerOwn(asker, channel);
            }
        }
    }

    /// Answers a request that came from a side, once those before it are.
    void answer(Side asker, RelayedChannel channel, Answer answer) throws IOException {
        synchronized (channel) {
            channel.expect(asker, answer);
            answerOwn(asker, channel);
        }
    }

    private void answerOwn(Side asker, RelayedChannel channel) throws IOException {
        Deque<Answer> answers = channel.at(asker).answers;
        while (!answers.isEmpty() && answers.peek() != Answer.BY_OTHER_SIDE) {
            int command =
                    answers.remove() == Answer.SUCCESS
                            ? SshConstants.SSH_MSG_CHANNEL_SUCCESS
                            : SshConstants.SSH_MSG_CHANNEL_FAILURE;
            if (channel.at(asker).takesMessages()) {
                send(asker, channel, command, new byte[0]);
            }
        }
    }

    // Closing.

    private void close(Side from, RelayedChannel channel) throws IOException {
        synchronized (channel) {
            RelayedChannel.End here = channel.at(from);
            RelayedChannel.End there = channel.at(from.other());
            here.closeReceived = true;
            if (there.takesMessages()) {
                sendClose(from.other(), channel);
            } else if (!there.open) {
                sendClose(from, channel);
            }
            if (there.closeReceived && !here.closeSent) {
                sendClose(from, channel);
            }
            forgetIfGone(channel);
        }
    }

    private void sendClose(Side to, RelayedChannel channel) throws IOException {
        RelayedChannel.End end = channel.at(to);
        if (end.takesMessages()) {
            end.closeSent = true;
            send(to, channel, SshConstants.SSH_MSG_CHANNEL_CLOSE, new byte[0]);
        }
    }

    private void forgetIfGone(RelayedChannel channel) {
        if (channel.isGone()) {
            channels.remove(channel.id);
            SessionTape tape = channel.tape;
            if (tape != null) {
                tape.close();
            }
        }
    }

    /// Ends a session's channel with words on the user's standard error. What the client still waits for is answered
    /// as done: clients give up on a failure, and show nothing.
    void finish(RelayedChannel channel, String text, int status) throws IOException {
        synchronized (channel) {
            channel.takeEarly();
            if (channel.client.takesMessages()) {
                int waiting = channel.client.answers.size();
                channel.client.answers.clear();
                channel.client.answers.addAll(Collections.nCopies(waiting, Answer.SUCCESS));
                answerOwn(Side.CLIENT, channel);
                say(channel, text);
                Buffer exit = client.message(SshConstants.SSH_MSG_CHANNEL_REQUEST, 32);
                exit.putUInt(channel.client.number);
                exit.putString("exit-status");
                exit.putBoolean(false);
                exit.putInt(status);
                client.send(exit);
                send(Side.CLIENT, channel, SshConstants.SSH_MSG_CHANNEL_EOF, new byte[0]);
                sendClose(Side.CLIENT, channel);
            }
            sendClose(Side.HOST, channel);
            forgetIfGone(channel);
        }
    }

    /// Writes a line to the user's standard error, if the client takes it.
    void say(RelayedChannel channel, String text) throws IOException {
        byte[] bytes =
                ("culvert: " + Requests.line(text) + "\r\n").getBytes(StandardCharsets.UTF_8);
        synchronized (channel) {
            RelayedChannel.End end = channel.client;
            if (end.takesMessages() && end.window >= bytes.length && end.packet >= bytes.length) {
                if (!channel.host.open && !channel.opensAtHost) {
                    // The host is told of what is left.
                    end.window -= bytes.length;
                }
                sendData(
                        Side.CLIENT,
                        channel,
                        SshConstants.SSH_EXTENDED_DATA_STDERR,
                        bytes,
                        0,
                        bytes.length);
            }
        }
    }

    /// A channel from the edge to the client.
    ///
    /// @return its number at our side
    long openOwn(String type, long window, long packet, OwnChannel channel) throws IOException {
        long id = ids.incrementAndGet();
        own.put(id, channel);
        if (over.get()) {
            channel.gone();
        }
        Buffer message =
                client.message(
                        SshConstants.SSH_MSG_CHANNEL_OPEN, type.length() + 4 * Integer.BYTES);
        message.putString(type);
        message.putUInt(id);
        message.putUInt(window);
        message.putUInt(packet);
        client.send(message);
        return id;
    }

    void forgetOwn(long id) {
        own.remove(id);
    }

    /// A forwarding is asked of the host.
    ///
    /// @param direction such as `to`, for people
    /// @param destination on one line
    void forwards(Use use, String direction, String destination) {
        forwards.asked(use, destination);
        for (RelayedChannel channel : List.copyOf(channels.values())) {
            SessionTape tape = channel.tape;
            if (tape != null) {
                tape.recorder().event("forward", direction + " " + destination, true);
            }
        }
    }

    /// Tells the user something before anything of the host's can be.
    void tell(String text) throws IOException {
        for (RelayedChannel channel : List.copyOf(channels.values())) {
            if (channel.isSession() && channel.begun) {
                say(channel, text);
            }
        }
    }

    /// Ends everything, with words for people. Idempotent.
    void end(String reason) {
        if (over.compareAndSet(false, true)) {
            log.debug("relay ends id={} reason={}", admitted.id(), reason);
            ended(reason);
            client.disconnect(reason);
            release(true);
        }
    }

    /// A session with the host is over: one that tried to sign in, or the one that has.
    void hostIsOver(Session session) {
        RelayEnd atHost = host;
        if (entrance.isIn() && atHost != null && atHost.session() == session) {
            end(admitted.host() + " has closed the connection.");
        }
    }

    /// The client has gone.
    void clientIsOver() {
        if (over.compareAndSet(false, true)) {
            ended("the client has gone");
            release(false);
        }
    }

    private void ended(String reason) {
        services.audit(
                AuditNote.of(
                        admitted,
                        "ended",
                        "login",
                        login,
                        "via",
                        "gateway",
                        "seconds",
                        Duration.between(since, services.clock().instant()).toSeconds(),
                        "to_host",
                        toHost.sum(),
                        "from_host",
                        fromHost.sum(),
                        "forwards",
                        forwards.count(),
                        "reason",
                        reason));
    }

    /// @param atOnce whether what is on its way to the host is lost
    private void release(boolean atOnce) {
        entrance.close();
        RelayEnd atHost = host;
        if (atHost != null) {
            atHost.session().close(atOnce);
        }
        own.values().forEach(OwnChannel::gone);
        for (RelayedChannel channel : channels.values()) {
            SessionTape tape = channel.tape;
            if (tape != null) {
                tape.close();
            }
        }
        admitted.close();
    }
}
