package dev.culvert.access;

import dev.culvert.protocols.websocket.Handshake;
import dev.culvert.protocols.websocket.StreamCarrier;
import dev.culvert.protocols.websocket.StreamClient;
import dev.culvert.protocols.websocket.StreamEnd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One stream between an input, an output and a socket: the ProxyCommand path.
///
/// Two threads: the caller of [#run] receives from the server and owns the output; a daemon thread
/// reads the input and sends. It is a platform thread on purpose: one thread is needed, and the
/// first virtual thread costs a fresh JVM its scheduler. What goes to the socket is serialised by
/// [#sending]; a pong never waits for it, else an upload that the server does not read would stop
/// the download as well.
final class StdioForward implements StreamCarrier {
    private static final int READ_BYTES = 32 * 1024;
    static final int IDLE_MILLIS = 30_000;

    /// How long the server may take to answer our close frame.
    private static final int CLOSE_MILLIS = 2_000;

    private final Route route;
    private final SSLSocket socket;
    private final OutputStream toServer;
    private final InputStream input;
    private final OutputStream output;
    private final int idleMillis;
    private final StreamClient client;
    private final ReentrantLock sending = new ReentrantLock();
    private byte @Nullable [] owedPong;
    private volatile @Nullable StreamEnd end;
    private volatile boolean outputGone;

    StdioForward(
            Route route, SSLSocket socket, InputStream input, OutputStream output, int idleMillis)
            throws IOException {
        this.route = route;
        this.socket = socket;
        this.toServer = socket.getOutputStream();
        this.input = input;
        this.output = output;
        this.idleMillis = idleMillis;
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[Handshake.KEY_BYTES];
        random.nextBytes(key);
        this.client = new StreamClient(route.handshake(key), random::nextInt, this);
    }

    /// Runs the stream to its end.
    ///
    /// @return what to tell the person, or null when all is well
    @Nullable Problem run() {
        try {
            client.start();
            receive();
        } catch (IOException e) {
            if (end == null) {
                client.receiveFailed(Explanation.lost(e, route));
            }
        } finally {
            close();
        }
        StreamEnd how = end;
        return how == null || outputGone ? null : Explanation.of(how, route);
    }

    private void receive() throws IOException {
        InputStream fromServer = socket.getInputStream();
        byte[] bytes = new byte[READ_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (end == null) {
            try {
                int count = fromServer.read(bytes);
                if (count < 0) {
                    client.receiveEnd();
                } else {
                    client.receive(buffer.limit(count).position(0));
                }
            } catch (SocketTimeoutException silent) {
                client.idle();
            }
        }
    }

    @Override
    public void opened() throws IOException {
        socket.setSoTimeout(idleMillis);
        Thread.ofPlatform().daemon().name("access-input").start(this::send);
    }

    private void send() {
        byte[] bytes = new byte[READ_BYTES];
        ByteBuffer frames = ByteBuffer.allocate(client.encodedLength(READ_BYTES));
        try {
            int count;
            while ((count = readInput(bytes)) >= 0) {
                client.encode(ByteBuffer.wrap(bytes, 0, count), frames.clear());
                transmit(frames.flip());
            }
            // The wait for the server's close must be bounded before the close frame is sent.
            socket.setSoTimeout(client.halfClose() ? idleMillis : CLOSE_MILLIS);
            client.localEnd();
        } catch (IOException e) {
            sendingFailed();
        }
    }

    /// The receiver may still find the server's reason; it does not wait long for it.
    private void sendingFailed() {
        try {
            socket.setSoTimeout(CLOSE_MILLIS);
        } catch (IOException e) {
            // The socket is closed already.
        }
    }

    /// An input that fails has ended.
    private int readInput(byte[] bytes) {
        try {
            return input.read(bytes);
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void transmit(ByteBuffer bytes) throws IOException {
        sending.lock();
        try {
            toServer.write(
                    bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            byte[] pong = takePong();
            if (pong != null) {
                toServer.write(pong);
            }
            toServer.flush();
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void transmitPong(ByteBuffer frame) throws IOException {
        byte[] pong = new byte[frame.remaining()];
        frame.get(pong);
        if (!sending.tryLock()) {
            owePong(pong);
            return;
        }
        try {
            toServer.write(pong);
            toServer.flush();
        } finally {
            sending.unlock();
        }
    }

    /// Only the latest is owed (RFC 6455, section 5.5.3).
    private synchronized void owePong(byte[] pong) {
        owedPong = pong;
    }

    private synchronized byte @Nullable [] takePong() {
        byte[] pong = owedPong;
        owedPong = null;
        return pong;
    }

    @Override
    public void deliver(ByteBuffer bytes) {
        try {
            output.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } catch (IOException e) {
            // Whoever reads our output has gone, as with `| head`: that is not our failure.
            outputGone = true;
            client.localFailed();
        }
    }

    @Override
    public void deliverEnd() {
        try {
            output.close();
        } catch (IOException e) {
            outputGone = true;
        }
    }

    @Override
    public void ended(StreamEnd end) {
        this.end = end;
        try {
            output.flush();
        } catch (IOException e) {
            outputGone = true;
        }
        // The receiver may be waiting for a server that has nothing more to say.
        close();
    }

    /// Closing writes to the socket. A sender that the server has stopped would hold that up for
    /// ever; then the end of the process closes it.
    private void close() {
        if (!sending.tryLock()) {
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is due on it any more.
        } finally {
            sending.unlock();
        }
    }
}
