package dev.culvert.connector;

import dev.culvert.connector.link.Connector;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// `/metrics`, `/healthcheck` and `/healthz` (200 while the process lives), and `/ready` as cloudflared
/// has it: 200 while at least one connection is registered and the connector is not draining.
/// Thread-safe.
final class ConnectorStatus implements HttpHandler {
    private final PrometheusMeterRegistry meters;
    private final Connector connector;
    private final UUID connectorId;

    ConnectorStatus(PrometheusMeterRegistry meters, Connector connector, UUID connectorId) {
        this.meters = meters;
        this.connector = connector;
        this.connectorId = connectorId;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/metrics" ->
                    answer(
                            exchange,
                            200,
                            "text/plain; version=0.0.4; charset=utf-8",
                            meters.scrape());
            case "/healthcheck", "/healthz" -> answer(exchange, 200, "text/plain", "OK\n");
            case "/ready" -> {
                int registered = connector.isStopping() ? 0 : connector.registered();
                int status = registered > 0 ? 200 : 503;
                answer(
                        exchange,
                        status,
                        "application/json",
                        "{\"status\":"
                                + status
                                + ",\"readyConnections\":"
                                + registered
                                + ",\"connectorId\":\""
                                + connectorId
                                + "\"}\n");
            }
            default ->
                    answer(
                            exchange,
                            404,
                            "text/plain",
                            "not found (expected: /metrics, /ready or /healthcheck)\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        exchange.respond(
                status, HeaderList.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
    }
}
