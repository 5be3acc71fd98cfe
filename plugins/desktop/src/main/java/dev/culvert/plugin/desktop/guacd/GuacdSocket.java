package dev.culvert.plugin.desktop.guacd;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.io.GuacamoleWriter;
import org.apache.guacamole.io.WriterGuacamoleWriter;
import org.apache.guacamole.net.GuacamoleSocket;
import org.apache.guacamole.protocol.GuacamoleInstruction;

/// A connection to guacd. Its reader is for one thread, [#write] for any, a whole instruction at a time.
final class GuacdSocket implements GuacamoleSocket {
    /// guacd says `nop` after 5 s without anything else.
    static final Duration SILENCE = Duration.ofSeconds(20);

    private static final long DISCONNECT_SECONDS = 1;
    private static final GuacamoleInstruction DISCONNECT = new GuacamoleInstruction("disconnect");
    private static final GuacamoleInstruction NOP = new GuacamoleInstruction("nop");

    private final Socket socket;
    private final InstructionReader reader;
    private final GuacamoleWriter writer;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile long deadline;
    private volatile boolean hasDeadline;

    GuacdSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        InputStream input = new TimedInput(socket.getInputStream());
        reader = new InstructionReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        writer =
                new WriterGuacamoleWriter(
                        new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
    }

    /// From now on reading fails after that time, however often something comes.
    void within(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
        hasDeadline = true;
    }

    /// Reading fails only after [#SILENCE].
    void withoutDeadline() {
        hasDeadline = false;
    }

    @Override
    public InstructionReader getReader() {
        return reader;
    }

    /// For the handshake, before others write.
    @Override
    public GuacamoleWriter getWriter() {
        return writer;
    }

    void write(GuacamoleInstruction instruction) throws GuacamoleException {
        writing.lock();
        try {
            writer.writeInstruction(instruction);
        } finally {
            writing.unlock();
        }
    }

    /// Keeps guacd from taking us for gone; nothing when somebody writes, which says as much.
    void nop() throws GuacamoleException {
        if (writing.tryLock()) {
            try {
                writer.writeInstruction(NOP);
            } finally {
                writing.unlock();
            }
        }
    }

    /// Says goodbye, since guacd keeps the host signed in for 15 s otherwise, and closes. Idempotent.
    void disconnect() throws InterruptedException {
        try {
            if (isOpen() && writing.tryLock(DISCONNECT_SECONDS, TimeUnit.SECONDS)) {
                try {
                    writer.writeInstruction(DISCONNECT);
                } finally {
                    writing.unlock();
                }
            }
        } catch (GuacamoleException e) {
            // guacd has closed it before.
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Of TLS, which says goodbye, too: the socket is closed all the same.
        }
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    private final class TimedInput extends FilterInputStream {
        TimedInput(InputStream input) {
            super(input);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            socket.setSoTimeout(timeoutMillis());
            return super.read(into, offset, length);
        }

        private int timeoutMillis() throws SocketTimeoutException {
            long millis = SILENCE.toMillis();
            if (hasDeadline) {
                millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new SocketTimeoutException("too late");
                }
            }
            return Math.toIntExact(millis);
        }
    }
}
