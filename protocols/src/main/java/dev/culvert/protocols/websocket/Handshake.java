package dev.culvert.protocols.websocket;

import dev.culvert.protocols.stream.HeaderList;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The opening handshake of one WebSocket, client side (RFC 6455, section 4.1): the request to
/// send and the check of the answer. The key's computation serves both roles.
///
/// Immutable.
public final class Handshake {
    /// The subprotocol in which an empty binary message ends one direction (half close).
    public static final String STREAM_SUBPROTOCOL = "culvert.stream.v1";

    /// Bytes of randomness in a `Sec-WebSocket-Key`.
    public static final int KEY_BYTES = 16;

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// Fields that this class writes itself, or that would change how the request is read.
    private static final Set<String> OWN_FIELDS =
            Set.of(
                    "host",
                    "upgrade",
                    "connection",
                    "content-length",
                    "transfer-encoding",
                    "sec-websocket-key",
                    "sec-websocket-version",
                    "sec-websocket-protocol",
                    "sec-websocket-extensions");

    private final String request;
    private final String expectedAccept;
    private final boolean offered;

    private Handshake(String request, String expectedAccept, boolean offered) {
        this.request = request;
        this.expectedAccept = expectedAccept;
        this.offered = offered;
    }

    /// A handshake to be sent.
    ///
    /// @param host value of the `Host` header: name and, unless it is the default, port
    /// @param target path and query, starting with `/`
    /// @param fields further header fields
    /// @param random [#KEY_BYTES] fresh random bytes
    /// @param offerStream whether to offer [#STREAM_SUBPROTOCOL]
    /// @throws IllegalArgumentException for a value that cannot stand in a request; its message
    ///     names the field and never shows a header's value
    public static Handshake client(
            String host, String target, HeaderList fields, byte[] random, boolean offerStream) {
        if (random.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "key: " + random.length + " bytes (expected: " + KEY_BYTES + ")");
        }
        if (host.isEmpty() || !isVisible(host)) {
            throw new IllegalArgumentException("host: has characters that no host name has");
        }
        if (!target.startsWith("/") || !isVisible(target)) {
            throw new IllegalArgumentException(
                    "path: " + escape(target) + " (expected: starts with /, no spaces, %-encoded)");
        }
        String key = Base64.getEncoder().encodeToString(random);
        StringBuilder text = new StringBuilder(512);
        text.append("GET ").append(target).append(" HTTP/1.1\r\nHost: ").append(host);
        text.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ");
        text.append(key).append("\r\nSec-WebSocket-Version: 13\r\n");
        if (offerStream) {
            text.append("Sec-WebSocket-Protocol: ").append(STREAM_SUBPROTOCOL).append("\r\n");
        }
        for (int i = 0; i < fields.size(); i++) {
            requireField(fields.name(i), fields.value(i));
            text.append(fields.name(i)).append(": ").append(fields.value(i)).append("\r\n");
        }
        return new Handshake(text.append("\r\n").toString(), accept(key), offerStream);
    }

    /// Refuses a field that would break out of its line or change the handshake.
    ///
    /// @throws IllegalArgumentException names the field, never shows the value
    public static void requireField(String name, String value) {
        if (!isToken(name)) {
            throw new IllegalArgumentException(
                    "header: " + escape(name) + " (expected: a name of letters, digits and -)");
        }
        if (OWN_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "header: "
                            + name
                            + " (expected: a field that the handshake does not set itself)");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
                throw new IllegalArgumentException(
                        "header: value of "
                                + name
                                + " has a line break, control or wide character");
            }
        }
    }

    /// The request, ending with its empty line.
    public byte[] request() {
        return request.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Whether the answer opens the WebSocket. Statuses other than 101 are outcomes, not errors.
    ///
    /// @throws HandshakeException for a 101 that does not answer this handshake
    public Outcome check(ResponseHead head) throws HandshakeException {
        if (head.status() != 101) {
            return new Outcome.Refused(head);
        }
        HeaderList headers = head.headers();
        if (!headers.hasToken("upgrade", "websocket")
                || !headers.hasToken("connection", "upgrade")) {
            throw new HandshakeException("status 101 without Upgrade: websocket");
        }
        if (!List.of(expectedAccept).equals(headers.all("sec-websocket-accept"))) {
            throw new HandshakeException("Sec-WebSocket-Accept does not match the key");
        }
        if (headers.contains("sec-websocket-extensions")) {
            throw new HandshakeException("server selected an extension that was not offered");
        }
        List<String> selected = headers.all("sec-websocket-protocol");
        boolean stream = offered && selected.equals(List.of(STREAM_SUBPROTOCOL));
        if (!selected.isEmpty() && !stream) {
            throw new HandshakeException("server selected a subprotocol that was not offered");
        }
        return new Outcome.Opened(stream);
    }

    /// How an answered handshake came out.
    public sealed interface Outcome {
        /// The WebSocket is open; frames follow the head.
        ///
        /// @param stream whether [#STREAM_SUBPROTOCOL] was selected, so that half close works
        record Opened(boolean stream) implements Outcome {}

        /// The server answered otherwise.
        record Refused(ResponseHead head) implements Outcome {}
    }

    /// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`.
    public static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(
                            sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /// Whether a text is a token of RFC 9110, section 5.6.2.
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > 0x20 && c < 0x7F);
    }

    /// For messages: shortened, nothing a terminal would act upon.
    private static String escape(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 60); i++) {
            char c = text.charAt(i);
            shown.append(c >= 0x20 && c < 0x7F ? c : '?');
        }
        return text.length() > 60 ? shown + "..." : shown.toString();
    }
}
