package dev.culvert.transport.http2;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Map;

/// The fields of a header block that are not pseudo headers, on their way from and to a [HeaderList].
/// Stateless.
final class Fields {
    private Fields() {}

    static void addAll(Http2Headers headers, HeaderList list) {
        for (int i = 0; i < list.size(); i++) {
            headers.add(list.name(i).toLowerCase(Locale.ROOT), list.value(i));
        }
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
