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
        String authority;
        List<String> hosts = headers.all("host");
        if (hosts.size() > 1) {
            throw ProtocolException.of("Host", hosts.size() + " fields", "one");
        }
        if (uri.startsWith("http://") || uri.startsWith("https://")) {
            int start = uri.indexOf("://") + 3;
            int slash = uri.indexOf('/', start);
            authority = slash < 0 ? uri.substring(start) : uri.substring(start, slash);
            uri = slash < 0 ? "/" : uri.substring(slash);
        } else if (!hosts.isEmpty()) {
            authority = hosts.getFirst();
        } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
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
                headers.hasToken("connection", "upgrade")
                        && headers.hasToken("upgrade", "websocket")
                        && request.method().equals(HttpMethod.GET);
        boolean noBody =
                !HttpUtil.isTransferEncodingChunked(request)
                        && HttpUtil.getContentLength(request, 0L) == 0;
        headers.remove("host");
        HopByHop.remove(headers);
        return new StreamRequest(
                upgrade ? StreamKind.WEBSOCKET : StreamKind.HTTP,
                method,
                authority.toLowerCase(Locale.ROOT),
                uri,
                headers,
                noBody && !upgrade);
    }
}
