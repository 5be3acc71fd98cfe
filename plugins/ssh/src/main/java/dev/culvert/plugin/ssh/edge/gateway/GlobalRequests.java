package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.ssh.edge.gateway.RelayedChannel.Answer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/// Requests that are about no channel (RFC 4254, section 4). A client's go to the host when they are known and
/// allowed; a host's are answered here: what it says of its keys is not for a client that knows ours.
///
/// Thread-safe.
final class GlobalRequests {
    static final String KEEP_ALIVE = "keepalive@openssh.com";

    private static final int MAX_ANSWERS = 64;
    private static final int MAX_WAITING = 64;

    /// They name an address or the path of a socket.
    private static final int MAX_BYTES = 16 * 1024;

    private static final int MAX_UNANSWERED = 3;

    private final Relay relay;
    private final Permissions permissions;
    private final HostEntrance entrance;

    /// Who answers the client's requests that want an answer, in their order; guarded by this.
    private final Deque<Answer> answers = new ArrayDeque<>();

    /// What the host is still to answer, in its order: the client's requests, and keep-alives of ours (false);
    /// guarded by this.
    private final Deque<Boolean> atHost = new ArrayDeque<>();

    /// The client's requests that wait for the host to be entered; guarded by this.
    private int waiting;

    /// Keep-alives of ours to the client; guarded by this.
    private int unanswered;

    GlobalRequests(Relay relay, Permissions permissions, HostEntrance entrance) {
        this.relay = relay;
        this.permissions = permissions;
        this.entrance = entrance;
    }

    void request(Side from, Buffer in) throws IOException {
        if (in.available() > MAX_BYTES) {
            throw new GatewayProtocolException("a request of " + in.available() + " bytes");
        }
        byte[] body = Relay.rest(in);
        Buffer request = new ByteArrayBuffer(body);
        String name = request.getString();
        boolean wantsAnswer = request.getBoolean();
        if (from == Side.HOST) {
            if (wantsAnswer) {
                send(Side.HOST, SshConstants.SSH_MSG_REQUEST_FAILURE, new byte[0]);
            }
            return;
        }
        switch (name) {
            case "tcpip-forward", "streamlocal-forward@openssh.com" ->
                    forward(name, request, body, wantsAnswer);
            case "cancel-tcpip-forward", "cancel-streamlocal-forward@openssh.com" -> {
                if (permissions.allows(Use.REMOTE_FORWARD)) {
                    pass(body, wantsAnswer);
                } else {
                    answer(wantsAnswer, Answer.FAILURE);
                }
            }
            case "no-more-sessions@openssh.com" -> pass(body, wantsAnswer);
            default -> answer(wantsAnswer, Answer.FAILURE);
        }
    }

    private void forward(String name, Buffer request, byte[] body, boolean wantsAnswer)
            throws IOException {
        if (permissions.refusal(Use.REMOTE_FORWARD) != null) {
            answer(wantsAnswer, Answer.FAILURE);
            return;
        }
        String where = request.getString();
        if (name.equals("tcpip-forward")) {
            where = where + ":" + request.getUInt();
        }
        relay.forwards(Use.REMOTE_FORWARD, "from the host's", Requests.line(where));
        pass(body, wantsAnswer);
    }

    private void pass(byte[] body, boolean wantsAnswer) throws IOException {
        if (wantsAnswer) {
            expect(Answer.BY_OTHER_SIDE);
        }
        waits();
        entrance.need(
                new HostEntrance.Guest() {
                    @Override
                    public void in() throws IOException {
                        waitsNoMore();
                        askHost(body, wantsAnswer ? Boolean.TRUE : null);
                    }

                    @Override
                    public void refused(RefusedException why) {
                        relay.end(Relay.sentence(why));
                    }
                });
    }

    private synchronized void waits() throws GatewayProtocolException {
        if (waiting >= MAX_WAITING) {
            throw new GatewayProtocolException("too many requests wait for the host");
        }
        waiting++;
    }

    private synchronized void waitsNoMore() {
        waiting--;
    }

    /// @param ofClient null when no answer is wanted
    private synchronized void askHost(byte[] body, @Nullable Boolean ofClient) throws IOException {
        if (ofClient != null) {
            atHost.add(ofClient);
        }
        send(Side.HOST, SshConstants.SSH_MSG_GLOBAL_REQUEST, body);
    }

    private synchronized void expect(Answer answer) throws GatewayProtocolException {
        if (answers.size() >= MAX_ANSWERS) {
            throw new GatewayProtocolException("too many requests wait for an answer");
        }
        answers.add(answer);
    }

    private synchronized void answer(boolean wanted, Answer answer) throws IOException {
        if (wanted) {
            expect(answer);
            answerOwn();
        }
    }

    private void answerOwn() throws IOException {
        while (!answers.isEmpty() && answers.peek() != Answer.BY_OTHER_SIDE) {
            answers.remove();
            send(Side.CLIENT, SshConstants.SSH_MSG_REQUEST_FAILURE, new byte[0]);
        }
    }

    /// @param from the client: to a keep-alive of ours
    synchronized void answer(Side from, int command, Buffer in) throws IOException {
        if (from == Side.CLIENT) {
            unanswered = 0;
            return;
        }
        Boolean ofClient = atHost.poll();
        if (ofClient == null) {
            throw new GatewayProtocolException("an answer came that nobody waits for");
        }
        if (ofClient) {
            answers.remove();
            send(Side.CLIENT, command, Relay.rest(in));
            answerOwn();
        }
    }

    /// Asks both sides whether they are there. To be called now and then.
    synchronized void keepAlive() {
        unanswered++;
        long ofHost = atHost.stream().filter(ofClient -> !ofClient).count();
        if (unanswered > MAX_UNANSWERED) {
            relay.end("Your client does not answer any more.");
        } else if (ofHost > MAX_UNANSWERED) {
            relay.end("The host does not answer any more.");
        } else {
            ask();
        }
    }

    private void ask() {
        ByteArrayBuffer body = new ByteArrayBuffer();
        body.putString(KEEP_ALIVE);
        body.putBoolean(true);
        byte[] request = body.getCompactData();
        try {
            send(Side.CLIENT, SshConstants.SSH_MSG_GLOBAL_REQUEST, request);
            if (entrance.isIn()) {
                askHost(request, Boolean.FALSE);
            }
        } catch (IOException e) {
            relay.end("The connection is broken.");
        }
    }

    private void send(Side to, int command, byte[] body) throws IOException {
        Buffer message = relay.end(to).message(command, body.length);
        message.putRawBytes(body);
        relay.end(to).send(message);
    }
}
