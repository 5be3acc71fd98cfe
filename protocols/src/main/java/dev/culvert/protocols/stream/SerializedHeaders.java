package dev.culvert.protocols.stream;

import dev.culvert.protocols.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// An origin's header fields inside one header, `cf-cloudflared-response-headers`.
///
/// ```
/// serialized = "" | pair *( ";" pair )
/// pair       = base64(name) ":" base64(value)        standard alphabet, no padding
/// ```
///
/// Names and values are bytes; here a character is a byte (ISO 8859-1), as the HTTP codecs have it.
/// A name is an RFC 9110 token, so that none can smuggle a second field in; no value holds CR, LF or
/// NUL. Empty pieces between semicolons are skipped.
///
/// Source: cloudflared, `connection/header.go`. Holds no state.
public final class SerializedHeaders {
    /// Characters of the serialized form.
    public static final int MAX_LENGTH = 256 * 1024;

    public static final int MAX_FIELDS = 1024;
    public static final int MAX_NAME = 1024;
    public static final int MAX_VALUE = 64 * 1024;

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                    .getBytes(StandardCharsets.US_ASCII);

    private SerializedHeaders() {}

    /// @throws IllegalArgumentException if a field could not be decoded again: the caller parsed it
    ///     without checking it
    public static String encode(HeaderList headers) {
        int length = 0;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            String value = headers.value(i);
            if (name.length() > MAX_NAME || value.length() > MAX_VALUE || i >= MAX_FIELDS) {
                throw new IllegalArgumentException(
                        "header "
                                + ProtocolException.quote(name)
                                + ": cannot be sent (expected: a name of at most "
                                + MAX_NAME
                                + " bytes, a value of at most "
                                + MAX_VALUE
                                + ", at most "
                                + MAX_FIELDS
                                + " fields)");
            }
            if (!FieldSyntax.isToken(name) || !FieldSyntax.isCarried(value)) {
                throw new IllegalArgumentException(
                        "header "
                                + ProtocolException.quote(name)
                                + ": cannot be sent (expected: a token, a value without CR, LF, NUL)");
            }
            length += 2 + base64Length(name.length()) + base64Length(value.length());
        }
        byte[] text = new byte[Math.max(0, length - 1)];
        int at = 0;
        for (int i = 0; i < headers.size(); i++) {
            if (i > 0) {
                text[at++] = ';';
            }
            at = encode(headers.name(i), text, at);
            text[at++] = ':';
            at = encode(headers.value(i), text, at);
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static int base64Length(int bytes) {
        return (bytes * 4 + 2) / 3;
    }

    /// @return the index after the text written
    private static int encode(String text, byte[] into, int at) {
        int length = text.length();
        int to = at;
        for (int i = 0; i < length; i += 3) {
            int bits = text.charAt(i) << 16;
            if (i + 1 < length) {
                bits |= text.charAt(i + 1) << 8;
            }
            if (i + 2 < length) {
                bits |= text.charAt(i + 2);
            }
            into[to++] = ALPHABET[bits >>> 18];
            into[to++] = ALPHABET[bits >>> 12 & 63];
            if (i + 1 < length) {
                into[to++] = ALPHABET[bits >>> 6 & 63];
            }
            if (i + 2 < length) {
                into[to++] = ALPHABET[bits & 63];
            }
        }
        return to;
    }

    public static HeaderList decode(String serialized) throws ProtocolException {
        int length = serialized.length();
        if (length > MAX_LENGTH) {
            throw ProtocolException.of(
                    "serialized headers", length + " characters", "at most " + MAX_LENGTH);
        }
        HeaderList headers = new HeaderList();
        for (int start = 0, end; start < length; start = end + 1) {
            end = serialized.indexOf(';', start);
            end = end < 0 ? length : end;
            if (end > start) {
                decodePair(serialized, start, end, headers);
            }
        }
        return headers;
    }

    private static void decodePair(String text, int start, int end, HeaderList headers)
            throws ProtocolException {
        int colon = text.indexOf(':', start, end);
        if (colon < 0 || text.indexOf(':', colon + 1, end) >= 0) {
            throw ProtocolException.of(
                    "serialized header " + headers.size(),
                    colon < 0 ? "no colon" : "two colons",
                    "name:value");
        }
        if (headers.size() == MAX_FIELDS) {
            throw ProtocolException.of(
                    "serialized headers", "more fields", "at most " + MAX_FIELDS);
        }
        String name = decodePart("name", text, start, colon, MAX_NAME);
        String value = decodePart("value", text, colon + 1, end, MAX_VALUE);
        if (!FieldSyntax.isToken(name)) {
            throw ProtocolException.of("header name", ProtocolException.quote(name), "a token");
        }
        if (!FieldSyntax.isCarried(value)) {
            throw ProtocolException.of(
                    "value of header " + name, "CR, LF or NUL in it", "one line");
        }
        headers.add(name, value);
    }

    private static String decodePart(String part, String text, int start, int end, int max)
            throws ProtocolException {
        String base64 = text.substring(start, end);
        if ((long) base64.length() * 3 / 4 > max) {
            throw ProtocolException.of(
                    "length of a header " + part, base64.length() * 3L / 4, "at most " + max);
        }
        if (base64.indexOf('=') >= 0) {
            throw ProtocolException.of("header " + part, "padded", "base64 without padding");
        }
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException _) {
            throw ProtocolException.of(
                    "header " + part, base64.length() + " characters", "standard base64");
        }
    }
}
