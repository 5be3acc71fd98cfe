package dev.culvert.protocols;

/// The peer sent bytes that break the protocol: the conversation they came on cannot go on.
///
/// The message names the value and the expectation, as `field: value (expected: …)`. Values of the
/// peer are shortened and escaped by [#quote(String)]; secrets are never part of it.
public final class ProtocolException extends Exception {
    private static final int MAX_QUOTED = 60;

    public ProtocolException(String message) {
        super(message);
    }

    /// `field: value (expected: expectation)`.
    public static ProtocolException of(String field, Object value, String expectation) {
        return new ProtocolException(field + ": " + value + " (expected: " + expectation + ")");
    }

    /// A value of the peer, made fit for a message: quoted, at most 60 characters, controls escaped.
    public static String quote(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length() && i < MAX_QUOTED; i++) {
            char c = value.charAt(i);
            if (c < 0x20
                    || c == '"'
                    || c == '\\'
                    || (c >= 0x7f && c < 0xa0)
                    || Character.isSurrogate(c)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append(value.length() > MAX_QUOTED ? "\"…" : "\"").toString();
    }
}
