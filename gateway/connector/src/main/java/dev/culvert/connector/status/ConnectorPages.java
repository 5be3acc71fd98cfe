package dev.culvert.connector.status;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.transport.served.StatusPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The pages of the metrics listener: [StatusPages] and further ones of JSON. Thread-safe once it serves.
public final class ConnectorPages implements HttpHandler {
    private final StatusPages status;
    private final Map<String, Supplier<String>> pages = new LinkedHashMap<>();

    public ConnectorPages(StatusPages status) {
        this.status = status;
    }

    /// Before the first request.
    ///
    /// @param json one value, without secrets
    public ConnectorPages with(String path, Supplier<String> json) {
        pages.put(path, json);
        return this;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.path();
        int query = path.indexOf('?');
        Supplier<String> page = pages.get(query < 0 ? path : path.substring(0, query));
        if (page == null) {
            status.handle(exchange);
            return;
        }
        exchange.respond(
                200,
                HeaderList.of("Content-Type", "application/json"),
                (page.get() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
