package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.web.BrowserSocket;
import dev.culvert.protocols.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;

/// A page with guacamole-common-js's tunnel: text messages of whole instructions. The exchange's thread reads, any may
/// write.
final class Browser implements BrowserSocket.Receiver {
    private static final String PROTOCOL = "guacamole";

    /// Who takes nothing for that long is gone.
    private static final Duration BLOCKED = Duration.ofSeconds(30);

    private static final Duration PING = Duration.ofSeconds(20);
    private static final int MOST_PING = 64;

    private final HttpExchange exchange;
    private final BrowserSocket socket;
    private final Stop stop;
    private @Nullable Upward upward;
    private volatile long writingSince;
    private volatile boolean isWriting;
    private long pinged = System.nanoTime();

    /// @param stop ended when the browser leaves or says nonsense
    Browser(HttpExchange exchange, Stop stop) {
        this.exchange = exchange;
        this.stop = stop;
        socket = new BrowserSocket(exchange, this);
    }

    void accept() throws IOException {
        List<String> offered = exchange.requestHeaders().all("Sec-WebSocket-Protocol");
        boolean isOffered =
                offered.stream()
                        .flatMap(line -> Arrays.stream(line.split(",")))
                        .anyMatch(name -> name.strip().equals(PROTOCOL));
        socket.accept(isOffered ? PROTOCOL : null);
        // The first message, of an internal opcode, gives the tunnel its id.
        say(new GuacamoleInstruction("", UUID.randomUUID().toString()));
    }

    /// Until it closes the WebSocket, or goes away.
    void read(Upward to) throws IOException {
        upward = to;
        socket.read();
    }

    @Override
    public void text(byte[] bytes) throws IOException {
        Upward to = Objects.requireNonNull(upward);
        CharBuffer chars = CharBuffer.wrap(new String(bytes, StandardCharsets.UTF_8));
        try {
            while (chars.hasRemaining() && stop.why() == null) {
                GuacamoleInstruction said = InstructionParser.OF_BROWSER.parse(chars);
                if (said == null) {
                    throw new ProtocolException("message: cut (expected: whole instructions)");
                }
                hear(said, to);
            }
        } catch (ProtocolException e) {
            stop.end(Ending.nonsense(String.valueOf(e.getMessage())));
        }
    }

    private void hear(GuacamoleInstruction said, Upward to) throws IOException, ProtocolException {
        if (!said.getOpcode().isEmpty()) {
            to.said(new Arguments(said));
        } else if (said.toString().length() <= MOST_PING) {
            // Internal to the tunnel: a ping, which is echoed.
            say(said);
        }
    }

    @Override
    public void binary(ByteBuffer bytes) {
        stop.end(Ending.nonsense("message: binary (expected: text)"));
    }

    void say(GuacamoleInstruction instruction) throws IOException {
        socket.text(instruction.toString());
    }

    /// For the thread that reads guacd, which waits as long as the browser does not read.
    void deliver(String instructions) throws IOException {
        writingSince = System.nanoTime();
        isWriting = true;
        try {
            socket.text(instructions);
            pingIfDue();
        } finally {
            isWriting = false;
        }
    }

    private void pingIfDue() throws IOException {
        if (System.nanoTime() - pinged > PING.toNanos()) {
            pinged = System.nanoTime();
            socket.ping();
        }
    }

    /// Why nobody is there any more; null when somebody is.
    @Nullable Ending gone() {
        boolean isStuck = isWriting && System.nanoTime() - writingSince > BLOCKED.toNanos();
        if (isStuck) {
            return Ending.failed(
                    GuacamoleStatus.CLIENT_TIMEOUT,
                    "The browser took nothing for " + BLOCKED.toSeconds() + " s.");
        }
        return socket.isSilent() ? Ending.LEFT : null;
    }

    /// Says why it ends. Nothing can be said after.
    void farewell(Ending why) throws IOException {
        if (why.status() != GuacamoleStatus.SUCCESS) {
            String code = Integer.toString(why.status().getGuacamoleStatusCode());
            say(new GuacamoleInstruction("error", why.words(), code));
        }
        socket.close(why.closeCode(), why.words());
    }

    /// Does not wait for the other side.
    void end() throws IOException {
        socket.end();
    }
}
