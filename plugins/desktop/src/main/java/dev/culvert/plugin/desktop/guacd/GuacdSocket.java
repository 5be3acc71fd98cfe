package dev.culvert.plugin.desktop.guacd;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final GuacamoleInstruction DISCONNECT = new GuacamoleInstruction("disconnect");
    private static final GuacamoleInstruction NOP = new GuacamoleInstruction("nop");

    private final Socket wire;
    private final Socket socket;
    private final InstructionReader reader;
    private final GuacamoleWriter writer;
    private final ReentrantLock writing = new ReentrantLock();

    /// @param wire the connection
    /// @param socket the same, or TLS over it
    GuacdSocket(Socket wire, Socket socket) throws IOException {
        this.wire = wire;
        this.socket = socket;
        wire.setTcpNoDelay(true);
        wire.setSoTimeout(Math.toIntExact(SILENCE.toMillis()));
        reader =
                new InstructionReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        writer =
                new WriterGuacamoleWriter(
                        new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
    }

    /// The connection, below TLS: to be looked at.
    Socket wire() {
        return wire;
    }

    /// From now on; the connection is closed when that is missed.
    Deadline within(Duration time) {
        return Deadline.of(time, wire);
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
            if (isOpen() && writing.tryLock(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
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
        // TLS says goodbye, for which it may have to wait.
        try (wire;
                Deadline _ = within(GOODBYE)) {
            socket.close();
        } catch (IOException e) {
            // The connection is closed all the same.
        }
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }
}
