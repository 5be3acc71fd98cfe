package dev.culvert.edge;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// `/metrics` (Prometheus text), `/ready` (200 while new users are taken, else 503), `/healthz` (200
/// while the process lives). Thread-safe.
final class EdgeStatus implements HttpHandler {
    private final PrometheusMeterRegistry meters;
    private final BooleanSupplier ready;

    EdgeStatus(PrometheusMeterRegistry meters, BooleanSupplier ready) {
        this.meters = meters;
        this.ready = ready;
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
            case "/healthz" -> answer(exchange, 200, "text/plain", "ok\n");
            case "/ready" -> {
                boolean now = ready.getAsBoolean();
                answer(exchange, now ? 200 : 503, "application/json", "{\"ready\":" + now + "}\n");
            }
            default ->
                    answer(
                            exchange,
                            404,
                            "text/plain",
                            "not found (expected: /metrics, /ready or /healthz)\n");
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        exchange.respond(
                status, HeaderList.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
    }
}
