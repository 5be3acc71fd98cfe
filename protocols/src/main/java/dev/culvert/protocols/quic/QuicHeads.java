package dev.culvert.protocols.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.FieldSyntax;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.ResponseMeta;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import java.util.Locale;

/// Heads of streams as QUIC carries them: metadata pairs.
///
/// | key | in | meaning |
/// | --- | --- | --- |
/// | `HttpMethod` | request | missing: GET |
/// | `HttpHost` | request | authority |
/// | `HttpHeader:NAME` | both | one for each value |
/// | `HttpStatus` | response | decimal; 101 for an accepted WebSocket |
/// | `FlowConnectRateLimited` | response with error | `true`: the connector is at its limit |
/// | `CulvertCredit` | head before the response | our own: bytes more the edge may send, see [BodyFrames] |
/// | `CulvertMeta` | response with error | our own: [ResponseMeta], for the reason as a code |
///
/// A body of unknown length needs `Transfer-Encoding: chunked`, or cloudflared drops it.
///
/// Source: cloudflared, `connection/quic_connection.go`. Stateless.
public final class QuicHeads {
    private static final String METHOD = "HttpMethod";
    private static final String HOST = "HttpHost";
    private static final String STATUS = "HttpStatus";
    private static final String HEADER = "HttpHeader:";
    private static final String LIMITED = "FlowConnectRateLimited";
    private static final String META = "CulvertMeta";
    private static final String CREDIT = "CulvertCredit";
    private static final String CHUNKED = "chunked";

    private QuicHeads() {}

    /// @throws IllegalArgumentException for a kind that is no data stream
    public static ConnectRequest encode(StreamRequest request) {
        HeaderList metadata = new HeaderList(request.headers().size() + 4);
        if (request.kind() == StreamKind.TCP) {
            return new ConnectRequest(ConnectRequest.Type.TCP, request.authority(), metadata);
        }
        metadata.add(METHOD, request.method()).add(HOST, request.authority());
        request.headers()
                .forEach((name, value) -> {
                    if (!isInternal(name)) {
                        metadata.add(HEADER + name, value);
                    }
                });
        String dest = "https://" + request.authority() + request.path();
        return switch (request.kind()) {
            case HTTP -> {
                if (!request.endOfBody() && !request.headers().contains("content-length")) {
                    metadata.add(HEADER + "Transfer-Encoding", CHUNKED);
                }
                yield new ConnectRequest(ConnectRequest.Type.HTTP, dest, metadata);
            }
            case WEBSOCKET -> new ConnectRequest(ConnectRequest.Type.WEBSOCKET, dest, metadata);
            case TCP, CONTROL, CONFIGURATION ->
                    throw new IllegalArgumentException("no data stream: " + request.kind());
        };
    }

    public static StreamRequest decode(ConnectRequest request) throws ProtocolException {
        if (request.type() == ConnectRequest.Type.TCP) {
            return new StreamRequest(
                    StreamKind.TCP,
                    "GET",
                    checkedAuthority("dest", request.dest()),
                    "/",
                    new HeaderList(0),
                    false);
        }
        HeaderList headers = headers(request.metadata());
        boolean body = hasBody(headers);
        headers.remove("transfer-encoding");
        boolean webSocket = request.type() == ConnectRequest.Type.WEBSOCKET;
        String method = request.metadata().first(METHOD);
        String host = request.metadata().first(HOST);
        if (method != null && !FieldSyntax.isToken(method)) {
            throw ProtocolException.of(METHOD, ProtocolException.quote(method), "a token");
        }
        return new StreamRequest(
                webSocket ? StreamKind.WEBSOCKET : StreamKind.HTTP,
                method == null ? "GET" : method,
                (host == null
                                ? checkedAuthority("dest", authority(request.dest()))
                                : checkedAuthority(HOST, host))
                        .toLowerCase(Locale.ROOT),
                path(request.dest()),
                headers,
                !webSocket && !body);
    }

    private static boolean hasBody(HeaderList headers) {
        String length = headers.first("content-length");
        return headers.hasToken("transfer-encoding", CHUNKED)
                || length != null && !length.equals("0");
    }

    private static String authority(String dest) {
        int from = afterScheme(dest);
        int to = from;
        while (to < dest.length() && "/?#".indexOf(dest.charAt(to)) < 0) {
            to++;
        }
        return dest.substring(from, to);
    }

    /// Nothing that would end a host in a URL or a header field.
    private static String checkedAuthority(String field, String authority)
            throws ProtocolException {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c <= ' ' || c == 0x7f || "/?#@\\".indexOf(c) >= 0) {
                throw ProtocolException.of(
                        field, ProtocolException.quote(authority), "a host and port");
            }
        }
        return authority;
    }

    private static String path(String dest) throws ProtocolException {
        int from = afterScheme(dest);
        while (from < dest.length() && "/?#".indexOf(dest.charAt(from)) < 0) {
            from++;
        }
        String path = dest.substring(from);
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) == 0x7f) {
                throw ProtocolException.of(
                        "dest", ProtocolException.quote(dest), "no control characters or spaces");
            }
        }
        return path.startsWith("/") ? path : "/" + path;
    }

    private static int afterScheme(String dest) {
        int scheme = dest.indexOf("://");
        return scheme < 0 ? 0 : scheme + 3;
    }

    public static ConnectResponse encode(StreamRequest request, StreamResponse response) {
        OriginFailure failure = response.failure();
        if (failure != null) {
            HeaderList metadata = new HeaderList(2);
            if (failure.code() == OriginFailure.Code.OVERLOADED) {
                metadata.add(LIMITED, "true");
            }
            metadata.add(META, new ResponseMeta(failure).encode());
            String detail = failure.detail();
            return new ConnectResponse(
                    detail.isEmpty() ? failure.code().name().toLowerCase(Locale.ROOT) : detail,
                    metadata);
        }
        HeaderList metadata = new HeaderList(response.headers().size() + 4);
        if (request.kind() == StreamKind.TCP) {
            return new ConnectResponse("", metadata);
        }
        metadata.add(STATUS, Integer.toString(response.status()));
        if (response.status() == 101) {
            metadata.add(HEADER + "Connection", "Upgrade").add(HEADER + "Upgrade", "websocket");
        }
        response.headers()
                .forEach((name, value) -> {
                    if (!FieldSyntax.isToken(name) || !FieldSyntax.isCarried(value)) {
                        throw new IllegalArgumentException(
                                "header "
                                        + ProtocolException.quote(name)
                                        + ": cannot be sent (expected: a token, a value without CR, LF, NUL)");
                    }
                    metadata.add(HEADER + name, value);
                });
        return new ConnectResponse("", metadata);
    }

    /// A head that is no answer yet, only a credit.
    public static ConnectResponse credit(int bytes) {
        return new ConnectResponse("", new HeaderList(1).add(CREDIT, Integer.toString(bytes)));
    }

    /// The credit that a head is, 0 for another head.
    public static int credit(ConnectResponse head) throws ProtocolException {
        String text = head.metadata().first(CREDIT);
        if (text == null) {
            return 0;
        }
        int credit = 0;
        for (int i = 0; i < text.length() && text.length() <= 10; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || credit > BodyFrames.MAX_LENGTH / 10) {
                credit = 0;
                break;
            }
            credit = credit * 10 + digit;
        }
        if (credit < 1 || credit > BodyFrames.MAX_LENGTH) {
            throw ProtocolException.of(
                    CREDIT, ProtocolException.quote(text), "1 to " + BodyFrames.MAX_LENGTH);
        }
        return credit;
    }

    /// The fields may still hold hop-by-hop ones.
    public static StreamResponse decode(StreamRequest request, ConnectResponse response)
            throws ProtocolException {
        if (!response.error().isEmpty()) {
            return StreamResponse.failed(failure(response));
        }
        if (request.kind() == StreamKind.TCP) {
            return StreamResponse.of(200, new HeaderList(2));
        }
        String text = response.metadata().first(STATUS);
        int status = text == null ? -1 : status(text);
        if (status < 100) {
            throw ProtocolException.of(
                    STATUS,
                    text == null ? "missing" : ProtocolException.quote(text),
                    "three digits from 100");
        }
        return StreamResponse.of(status, headers(response.metadata()));
    }

    private static OriginFailure failure(ConnectResponse response) throws ProtocolException {
        String meta = response.metadata().first(META);
        if (meta != null) {
            OriginFailure known = ResponseMeta.parse(meta).failure();
            if (known != null) {
                return known;
            }
        }
        boolean limited = "true".equals(response.metadata().first(LIMITED));
        return new OriginFailure(
                limited ? OriginFailure.Code.OVERLOADED : OriginFailure.Code.UNREACHABLE,
                oneLine(response.error()));
    }

    /// The dot is a control character's.
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.chars().forEach(c -> line.append(Character.isISOControl(c) ? '.' : (char) c));
        return line.toString();
    }

    private static int status(String text) {
        if (text.length() != 3) {
            return -1;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            status = status * 10 + digit - '0';
        }
        return status;
    }

    private static HeaderList headers(HeaderList metadata) throws ProtocolException {
        HeaderList headers = new HeaderList(metadata.size());
        for (int i = 0; i < metadata.size(); i++) {
            String key = metadata.name(i);
            if (!key.startsWith(HEADER)) {
                continue;
            }
            String name = key.substring(HEADER.length());
            if (!FieldSyntax.isToken(name)) {
                throw ProtocolException.of("header name", ProtocolException.quote(name), "a token");
            }
            if (!FieldSyntax.isCarried(metadata.value(i))) {
                throw ProtocolException.of(
                        "value of header " + name, "CR, LF or NUL in it", "one line");
            }
            if (!isInternal(name)) {
                headers.add(name, metadata.value(i));
            }
        }
        return headers;
    }

    /// These say in HTTP/2 what a stream is for: never a client's to set, nor an origin's.
    private static boolean isInternal(String name) {
        return name.regionMatches(true, 0, "cf-cloudflared-", 0, 15);
    }
}
