package dev.culvert.plugin.ssh.edge.gateway;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// The client's agent, asked over a channel to the client: its keys sign in at the host, and stay where they are.
///
/// One question at a time, answered within [#PATIENCE]: the agent may ask its user. Thread-safe.
final class ClientAgent extends AbstractAgentProxy implements Relay.OwnChannel {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Of an answer: some hundreds of keys.
    private static final int MAX_ANSWER = 256 * 1024;

    private static final int PACKET = 32 * 1024;
    private static final String TYPE = "auth-agent@openssh.com";

    private final Relay relay;

    /// What comes of the client; a null answer is an empty one.
    private final BlockingQueue<byte[]> answers = new ArrayBlockingQueue<>(4);

    private final ByteArrayBuffer came = new ByteArrayBuffer();
    private volatile long id = -1;
    private volatile long number = -1;
    private final AtomicBoolean closeSent = new AtomicBoolean();
    private volatile boolean gone;

    ClientAgent(Relay relay) {
        super(null);
        this.relay = relay;
    }

    @Override
    protected synchronized Buffer request(Buffer question) throws IOException {
        if (id < 0) {
            id = relay.openOwn(TYPE, MAX_ANSWER, PACKET, this);
            await("open a channel to it");
        }
        send(question);
        return new ByteArrayBuffer(await("answer"));
    }

    private void send(Buffer question) throws IOException {
        Buffer message =
                relay.client()
                        .message(
                                SshConstants.SSH_MSG_CHANNEL_DATA,
                                question.available() + 2 * Integer.BYTES);
        message.putUInt(number);
        message.putBytes(question.array(), question.rpos(), question.available());
        relay.client().send(message);
    }

    private byte[] await(String what) throws IOException {
        byte[] answer;
        try {
            answer = gone ? null : answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (answer == null || gone) {
            throw new IOException("your agent did not " + what);
        }
        return answer;
    }

    @Override
    public void message(int command, Buffer in) throws IOException {
        switch (command) {
            case SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION -> {
                number = in.getUInt();
                offer(new byte[0]);
            }
            case SshConstants.SSH_MSG_CHANNEL_DATA -> take(in);
            case SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, SshConstants.SSH_MSG_CHANNEL_EOF ->
                    gone();
            case SshConstants.SSH_MSG_CHANNEL_CLOSE -> {
                gone();
                closeChannel();
                relay.forgetOwn(id);
            }
            default -> {
                // Its window is larger than what it is asked; and nothing was requested.
            }
        }
    }

    private void take(Buffer in) throws IOException {
        came.putRawBytes(in.getBytes());
        if (came.available() > MAX_ANSWER) {
            throw new GatewayProtocolException("the agent says too much");
        }
        while (came.available() >= Integer.BYTES) {
            int length = ByteBuffer.wrap(came.array(), came.rpos(), Integer.BYTES).getInt();
            if (length < 0 || length > MAX_ANSWER) {
                throw new GatewayProtocolException("the agent says too much");
            }
            if (came.available() < Integer.BYTES + length) {
                return;
            }
            offer(came.getBytes());
            grant(Integer.BYTES + length);
            came.compact();
        }
    }

    private void offer(byte[] answer) throws IOException {
        if (!answers.offer(answer)) {
            throw new GatewayProtocolException("the agent answers what was not asked");
        }
    }

    private void grant(int bytes) throws IOException {
        Buffer message =
                relay.client()
                        .message(SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, 2 * Integer.BYTES);
        message.putUInt(number);
        message.putUInt(bytes);
        relay.client().send(message);
    }

    /// Once.
    private void closeChannel() throws IOException {
        if (!closeSent.compareAndSet(false, true)) {
            return;
        }
        Buffer message = relay.client().message(SshConstants.SSH_MSG_CHANNEL_CLOSE, Integer.BYTES);
        message.putUInt(number);
        relay.client().send(message);
    }

    @Override
    public void gone() {
        gone = true;
        // Wakes who waits.
        answers.offer(new byte[0]);
    }

    @Override
    public boolean isOpen() {
        return !gone;
    }

    /// It is not asked any more.
    @Override
    public void close() throws IOException {
        if (number >= 0 && !gone) {
            gone = true;
            closeChannel();
        }
    }
}
