package dev.culvert.access;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.websocket.Handshake;
import dev.culvert.protocols.websocket.HandshakeException;
import dev.culvert.protocols.websocket.ResponseHead;
import dev.culvert.protocols.websocket.ResponseHeadDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// Single HTTPS requests, for signing in. They go the way of the streams: the same proxy, trust, `*.localhost`, and
/// `--connect-to`, since the hosts of an edge are all at its address. No redirect is followed.
///
/// Immutable. Blocking: threads that may wait only.
public final class Https {
    /// `User-Agent` unless a request has another.
    public static final String AGENT = "culvert-access/" + Version.TEXT;

    /// Most bytes of an answer's body.
    public static final int MAX_BODY = 1 << 20;

    private final ForwardOptions way;
    private final UnaryOperator<@Nullable String> environment;
    private final SSLContext tls;

    /// @param way whose proxy, trust and `--connect-to` hold
    public Https(ForwardOptions way, UnaryOperator<@Nullable String> environment, SSLContext tls) {
        this.way = way;
        this.environment = environment;
        this.tls = tls;
    }

    /// An answer, complete.
    public record Answer(int status, HeaderList headers, String body) {
        /// Whether it sends the client to a login.
        public boolean asksForLogin() {
            String location = headers.first("location");
            return status == 302 && location != null && Refusal.isLogin(location);
        }
    }

    /// @param method of those that have no body
    /// @param path path and query
    /// @param patience with each silence of the server
    public Answer send(
            String method, HostPort host, String path, HeaderList fields, Duration patience)
            throws Problem {
        return send(method, host, path, fields, new byte[0], patience);
    }

    /// Posts JSON.
    public Answer post(HostPort host, String path, String json, Duration patience) throws Problem {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        HeaderList fields = HeaderList.of("Content-Type", "application/json");
        return send("POST", host, path, fields, body, patience);
    }

    private Answer send(
            String method,
            HostPort host,
            String path,
            HeaderList fields,
            byte[] content,
            Duration patience)
            throws Problem {
        Route route = route(host);
        try (SSLSocket socket = Dialer.dial(route, tls)) {
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            socket.getOutputStream().write(request(method, route, path, fields, content));
            return read(socket.getInputStream(), method);
        } catch (HandshakeException e) {
            throw Problem.failed(
                    "HTTPS answer of " + host + ": " + e.getMessage(),
                    "check host name and port: they must be the edge's");
        } catch (IOException e) {
            throw Explanation.of(e, route);
        }
    }

    private Route route(HostPort host) throws Problem {
        ForwardOptions options = new ForwardOptions();
        options.hostname = "https://" + host + "/";
        options.connectTo = dialled(host);
        return Route.of(options, environment);
    }

    /// `--connect-to` for another name than the one it was given for: the address holds, the TLS name does not.
    private @Nullable String dialled(HostPort host) throws Problem {
        if (way.connectTo == null || way.hostname == null) {
            return way.connectTo;
        }
        Route given = Route.of(way, environment);
        return given.target().address().equals(host) ? way.connectTo : given.dial().toString();
    }

    private static byte[] request(
            String method, Route route, String path, HeaderList fields, byte[] content) {
        StringBuilder text = new StringBuilder(512);
        text.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ");
        text.append(route.target().hostHeader()).append("\r\nConnection: close\r\n");
        if (!fields.contains("User-Agent")) {
            text.append("User-Agent: ").append(AGENT).append("\r\n");
        }
        for (int i = 0; i < fields.size(); i++) {
            Handshake.requireField(fields.name(i), fields.value(i));
            text.append(fields.name(i)).append(": ").append(fields.value(i)).append("\r\n");
        }
        if (content.length > 0) {
            text.append("Content-Length: ").append(content.length).append("\r\n");
        }
        byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, whole, head.length, content.length);
        return whole;
    }

    private static Answer read(InputStream in, String method) throws IOException {
        byte[] bytes = new byte[16 * 1024];
        ByteBuffer input = ByteBuffer.wrap(bytes).limit(0);
        ResponseHead head = readHead(in, bytes, input);
        while (head.status() >= 100 && head.status() < 200) {
            head = readHead(in, bytes, input);
        }
        boolean empty = method.equals("HEAD") || head.status() == 204 || head.status() == 304;
        byte[] body = empty ? new byte[0] : new HttpBody(in, input).read(head.headers(), MAX_BODY);
        return new Answer(head.status(), head.headers(), new String(body, StandardCharsets.UTF_8));
    }

    private static ResponseHead readHead(InputStream in, byte[] bytes, ByteBuffer input)
            throws IOException {
        ResponseHeadDecoder decoder = new ResponseHeadDecoder();
        while (true) {
            ResponseHead head = decoder.decode(input);
            if (head != null) {
                return head;
            }
            int count = in.read(bytes);
            if (count < 0) {
                throw Problem.passing(
                        "server closed before it answered",
                        "try again; if it persists, check the edge's log");
            }
            input.limit(count).position(0);
        }
    }
}
