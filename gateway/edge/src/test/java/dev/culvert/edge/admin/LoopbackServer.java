package dev.culvert.edge.admin;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.edge.state.State;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// The admin endpoint on a real socket, for the client's tests.
public final class LoopbackServer implements AutoCloseable {
    private final HttpServer server;
    private final String token = AdminEndpointFile.newToken();

    public LoopbackServer(State state) throws IOException {
        this(state, null);
    }

    public LoopbackServer(State state, @Nullable AccessParts access) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        AdminApi api =
                new AdminApi(
                        state, access, Live.NOTHING, token, () -> server.getAddress().getPort());
        server.createContext(
                "/",
                http -> {
                    MemoryExchange exchange =
                            new MemoryExchange(
                                    http.getRequestMethod(), http.getRequestURI().toString());
                    exchange.host(http.getRequestHeaders().getFirst("Host"));
                    exchange.request.removeIf(name -> true);
                    http.getRequestHeaders()
                            .forEach((name, values) ->
                                    values.forEach(value -> exchange.request.add(name, value)));
                    try (InputStream body = http.getRequestBody()) {
                        exchange.body(body);
                        api.handle(exchange);
                    }
                    byte[] answer = exchange.answer.toByteArray();
                    http.sendResponseHeaders(
                            exchange.status, answer.length == 0 ? -1 : answer.length);
                    http.getResponseBody().write(answer);
                    http.close();
                });
        server.start();
    }

    public AdminEndpointFile.Endpoint endpoint() {
        return new AdminEndpointFile.Endpoint(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), token);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
