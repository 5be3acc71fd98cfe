package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;
import java.io.IOException;
import java.io.Reader;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.CharBuffer;
import org.apache.guacamole.GuacamoleConnectionClosedException;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.GuacamoleServerException;
import org.apache.guacamole.GuacamoleUpstreamTimeoutException;
import org.apache.guacamole.io.GuacamoleReader;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.jspecify.annotations.Nullable;

/// What guacd says. Holds at most twice the longest instruction.
///
/// Blocking; for one thread at a time.
final class InstructionReader implements GuacamoleReader {
    private static final InstructionParser PARSER = InstructionParser.OF_GUACD;

    private final Reader input;
    private final CharBuffer chars = CharBuffer.allocate(2 * PARSER.maxChars()).limit(0);
    private @Nullable GuacamoleInstruction next;

    InstructionReader(Reader input) {
        this.input = input;
    }

    /// Whether there is an instruction without waiting.
    @Override
    public boolean available() throws GuacamoleException {
        try {
            while (!parsed()) {
                if (!input.ready() || !filled()) {
                    return false;
                }
            }
            return true;
        } catch (IOException | ProtocolException e) {
            throw failure(e);
        }
    }

    @Override
    public char @Nullable [] read() throws GuacamoleException {
        GuacamoleInstruction instruction = readInstruction();
        return instruction == null ? null : instruction.toString().toCharArray();
    }

    /// @return null when guacd has closed the connection
    @Override
    public @Nullable GuacamoleInstruction readInstruction() throws GuacamoleException {
        try {
            while (!parsed()) {
                if (!filled()) {
                    return null;
                }
            }
        } catch (IOException | ProtocolException e) {
            throw failure(e);
        }
        GuacamoleInstruction instruction = next;
        next = null;
        return instruction;
    }

    private boolean parsed() throws ProtocolException {
        if (next == null) {
            next = PARSER.parse(chars);
        }
        return next != null;
    }

    private boolean filled() throws IOException {
        chars.compact();
        try {
            return input.read(chars) >= 0;
        } finally {
            chars.flip();
        }
    }

    private static GuacamoleException failure(Exception e) {
        return switch (e) {
            case SocketTimeoutException late ->
                    new GuacamoleUpstreamTimeoutException("guacd says nothing", late);
            case SocketException closed ->
                    new GuacamoleConnectionClosedException("guacd is gone", closed);
            default -> new GuacamoleServerException(e.getMessage(), e);
        };
    }
}
