package dev.culvert.plugin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What first bytes look like, so that a refusal can say what the peer speaks instead of what was
/// expected. A guess for messages, never a decision.
public enum SpokenProtocol {
    HTTP_REQUEST("an HTTP request"),
    HTTP_RESPONSE("an HTTP response"),
    TLS("a TLS handshake"),
    SSH("an SSH version"),
    RDP("an RDP connection request"),
    UNKNOWN("something else");

    /// With this many bytes waiting for more does not change the guess.
    public static final int ENOUGH = 8;

    private static final String[] METHODS = {
        "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", "PRI * HT"
    };

    private final String words;

    SpokenProtocol(String words) {
        this.words = words;
    }

    /// To follow "the client sent".
    public String words() {
        return words;
    }

    /// @param seen not changed
    public static SpokenProtocol of(ByteBuffer seen) {
        byte[] start = new byte[Math.min(ENOUGH, seen.remaining())];
        seen.get(seen.position(), start);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        for (String method : METHODS) {
            if (text.startsWith(method)) {
                return HTTP_REQUEST;
            }
        }
        if (text.startsWith("HTTP/")) {
            return HTTP_RESPONSE;
        } else if (text.startsWith("SSH-")) {
            return SSH;
        } else if (start.length >= 2 && (start[0] == 0x15 || start[0] == 0x16) && start[1] == 3) {
            return TLS;
        } else if (start.length >= 4 && start[0] == 3 && start[1] == 0) {
            return RDP;
        }
        return UNKNOWN;
    }
}
