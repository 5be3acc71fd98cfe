package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The fields of a header block that are not pseudo headers, on their way from and to a [HeaderList].
/// Stateless.
final class Fields {
    private static final Map<String, AsciiString> KNOWN = known();

    private Fields() {}

    /// The usual names in the spellings of HTTP/1.1 and HTTP/2.
    private static Map<String, AsciiString> known() {
        Map<String, AsciiString> names = new HashMap<>();
        for (String name :
                List.of(
                        "Accept",
                        "Accept-Encoding",
                        "Accept-Language",
                        "Accept-Ranges",
                        "Authorization",
                        "Cache-Control",
                        "Content-Encoding",
                        "Content-Length",
                        "Content-Type",
                        "Cookie",
                        "Date",
                        "ETag",
                        "Expires",
                        "If-Modified-Since",
                        "If-None-Match",
                        "Last-Modified",
                        "Location",
                        "Origin",
                        "Range",
                        "Referer",
                        "Server",
                        "Set-Cookie",
                        "User-Agent",
                        "Vary",
                        "X-Forwarded-For",
                        "X-Forwarded-Host",
                        "X-Forwarded-Proto",
                        "X-Request-Id",
                        "CF-Connecting-IP",
                        "CF-Ray",
                        "CF-Visitor")) {
            AsciiString lower = AsciiString.cached(name.toLowerCase(Locale.ROOT));
            names.put(name, lower);
            names.put(lower.toString(), lower);
        }
        return Map.copyOf(names);
    }

    static void addAll(Http2Headers headers, HeaderList list) {
        for (int i = 0; i < list.size(); i++) {
            headers.add(lowerCase(list.name(i)), list.value(i));
        }
    }

    /// The same object for a name of the dictionary, of which most are: what HPACK looks up is hashed once.
    private static CharSequence lowerCase(String name) {
        AsciiString known = KNOWN.get(name);
        return known == null ? name.toLowerCase(Locale.ROOT) : known;
    }

    /// All but the pseudo headers; `cookie` crumbs joined (RFC 9113, section 8.2.3). Netty has checked
    /// names, and that pseudo headers come first, once and not in trailers.
    ///
    /// @throws ProtocolException for a value that HTTP/1.1 would read as something else (section 8.2.1)
    static HeaderList read(Http2Headers headers) throws ProtocolException {
        HeaderList list = new HeaderList(headers.size());
        StringBuilder cookie = null;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            if (name.isEmpty() || name.charAt(0) == ':') {
                continue;
            }
            check(name, field.getValue());
            if (AsciiString.contentEquals(name, "cookie")) {
                if (cookie == null) {
                    cookie = new StringBuilder();
                } else {
                    cookie.append("; ");
                }
                cookie.append(field.getValue());
                continue;
            }
            list.add(name.toString(), field.getValue().toString());
        }
        if (cookie != null) {
            list.add("cookie", cookie.toString());
        }
        return list;
    }

    private static void check(CharSequence name, CharSequence value) throws ProtocolException {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f) {
                throw ProtocolException.of(
                        "value of " + name, "a control character in it", "one line of text");
            }
        }
        if (length > 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(length - 1)))) {
            throw ProtocolException.of(
                    "value of " + name, "white space around it", "none (RFC 9113, section 8.2.1)");
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
