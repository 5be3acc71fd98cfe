package dev.culvert.protocols.websocket;

import dev.culvert.protocols.stream.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the head of an HTTP/1.1 response in pieces of any size and leaves what follows it in the
/// input. Strict (RFC 9112): lines end with CR LF, no folded lines, no space before the colon, no
/// control characters in values.
///
/// Not thread-safe: owned by one connection.
public final class ResponseHeadDecoder {
    /// Most bytes of a head, its last CR LF included.
    public static final int MAX_HEAD = 64 * 1024;

    /// Most header fields.
    public static final int MAX_FIELDS = 200;

    private byte[] line = new byte[256];
    private int lineLength;
    private int total;
    private int status;
    private String reason = "";
    private final HeaderList headers = new HeaderList();
    private boolean complete;

    /// Reads up to the end of the head.
    ///
    /// @return the head, or null while it is incomplete; never called again once it was returned
    public @Nullable ResponseHead decode(ByteBuffer input) throws HandshakeException {
        if (complete) {
            throw new IllegalStateException("the head has been read");
        }
        while (input.hasRemaining()) {
            byte b = input.get();
            if (++total > MAX_HEAD) {
                throw new HandshakeException("response head above " + MAX_HEAD + " bytes");
            }
            if (b != '\n') {
                append(b);
                continue;
            }
            if (lineLength == 0 || line[lineLength - 1] != '\r') {
                throw new HandshakeException("response line ends without CR");
            }
            String text = new String(line, 0, lineLength - 1, StandardCharsets.ISO_8859_1);
            lineLength = 0;
            if (status == 0) {
                readStatusLine(text);
            } else if (text.isEmpty()) {
                complete = true;
                return new ResponseHead(status, reason, headers);
            } else {
                readField(text);
            }
        }
        return null;
    }

    private void append(byte b) throws HandshakeException {
        boolean afterReturn = lineLength > 0 && line[lineLength - 1] == '\r';
        boolean control = (b >= 0 && b < 0x20 && b != '\t' && b != '\r') || b == 0x7F;
        if (afterReturn || control) {
            throw new HandshakeException(notHttp("a control character"));
        }
        if (status == 0 && lineLength < 5 && b != "HTTP/".charAt(lineLength)) {
            throw new HandshakeException(notHttp("other bytes"));
        }
        if (lineLength == line.length) {
            line = Arrays.copyOf(line, Math.min(MAX_HEAD, line.length * 2));
        }
        line[lineLength++] = b;
    }

    private void readStatusLine(String text) throws HandshakeException {
        boolean shaped =
                text.length() >= 12
                        && text.startsWith("HTTP/1.")
                        && (text.charAt(7) == '1' || text.charAt(7) == '0')
                        && text.charAt(8) == ' '
                        && (text.length() == 12 || text.charAt(12) == ' ');
        if (!shaped) {
            throw new HandshakeException(notHttp("an unknown status line"));
        }
        int number = 0;
        for (int i = 9; i < 12; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new HandshakeException(notHttp("a status that is not a number"));
            }
            number = number * 10 + digit;
        }
        if (number < 100) {
            throw new HandshakeException("HTTP status: " + number + " (expected: 100-999)");
        }
        status = number;
        reason = text.length() > 13 ? text.substring(13) : "";
    }

    private void readField(String text) throws HandshakeException {
        int colon = text.indexOf(':');
        if (colon <= 0 || !Handshake.isToken(text.substring(0, colon))) {
            throw new HandshakeException("response header line without a valid name");
        }
        if (headers.size() == MAX_FIELDS) {
            throw new HandshakeException("response has more than " + MAX_FIELDS + " header fields");
        }
        headers.add(text.substring(0, colon), text.substring(colon + 1).strip());
    }

    private static String notHttp(String found) {
        return "answer is not HTTP/1.1: " + found + " (expected: HTTP/1.1 and a status)";
    }
}
