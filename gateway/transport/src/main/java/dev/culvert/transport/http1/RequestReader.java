package dev.culvert.transport.http1;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Authority;
import dev.culvert.transport.HopByHop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Makes the head of a stream from a decoded HTTP/1.1 request (RFC 9112). Stateless.
///
/// `TE: trailers` stays in the head, alone of all fields that end at each hop: the edge passes trailers
/// on, and an origin such as gRPC's asks for it.
final class RequestReader {
    private RequestReader() {}

    /// @throws ProtocolException for a request that must be answered with 400
    static StreamRequest read(HttpRequest request) throws ProtocolException {
        HeaderList headers = new HeaderList(request.headers().size());
        for (Map.Entry<String, String> field : request.headers()) {
            headers.add(field.getKey(), field.getValue());
        }
        String method = request.method().name();
        String uri = request.uri();
        boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        checkCoding(headers);
        String authority;
        List<String> hosts = headers.all("host");
        if (hosts.size() > 1) {
            throw ProtocolException.of("Host", hosts.size() + " fields", "one");
        }
        if (isAbsolute(uri)) {
            int start = uri.indexOf("://") + 3;
            int slash = uri.indexOf('/', start);
            authority = slash < 0 ? uri.substring(start) : uri.substring(start, slash);
            uri = slash < 0 ? "/" : uri.substring(slash);
            if (!hosts.isEmpty() && !hosts.getFirst().equalsIgnoreCase(authority)) {
                // RFC 9112, section 3.2.2 lets the address win; whoever comes after may not.
                throw ProtocolException.of(
                        "Host",
                        ProtocolException.quote(hosts.getFirst()),
                        "the same as in the address");
            }
        } else if (!hosts.isEmpty()) {
            authority = hosts.getFirst();
        } else if (old) {
            authority = "";
        } else {
            throw ProtocolException.of("Host", "missing", "one field");
        }
        Authority.check("Host", authority);
        boolean asterisk = uri.equals("*") && request.method().equals(HttpMethod.OPTIONS);
        if (!uri.startsWith("/") && !asterisk) {
            throw ProtocolException.of(
                    "request target", ProtocolException.quote(uri), "a path beginning with /");
        }
        boolean upgrade =
                !old
                        && headers.hasToken("connection", "upgrade")
                        && headers.hasToken("upgrade", "websocket")
                        && request.method().equals(HttpMethod.GET);
        boolean noBody =
                !HttpUtil.isTransferEncodingChunked(request)
                        && HttpUtil.getContentLength(request, 0L) == 0;
        if (upgrade && !noBody) {
            throw ProtocolException.of("Upgrade", "with a body", "no body");
        }
        boolean trailers = headers.hasToken("te", "trailers");
        headers.remove("host");
        HopByHop.remove(headers);
        if (old || noBody) {
            // RFC 9110, section 10.1.1.
            headers.remove("expect");
        }
        if (trailers) {
            headers.add("TE", "trailers");
        }
        return new StreamRequest(
                upgrade ? StreamKind.WEBSOCKET : StreamKind.HTTP,
                method,
                authority.toLowerCase(Locale.ROOT),
                uri,
                headers,
                noBody && !upgrade);
    }

    private static boolean isAbsolute(String uri) {
        return uri.regionMatches(true, 0, "http://", 0, 7)
                || uri.regionMatches(true, 0, "https://", 0, 8);
    }

    /// Another coding would reach the origin without a word that it is there.
    private static void checkCoding(HeaderList headers) {
        List<String> codings = headers.all("transfer-encoding");
        if (codings.size() > 1
                || (codings.size() == 1 && !codings.getFirst().equalsIgnoreCase("chunked"))) {
            throw new RefusedRequestException(
                    501, "The only Transfer-Encoding understood here is chunked.");
        }
    }
}
