package dev.culvert.transport.served;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// What a process says of itself on its loopback listener: `/metrics` (Prometheus text), `/ready` (200
/// or 503, JSON), `/healthz` and cloudflared's `/healthcheck` (200 while the process lives).
/// Thread-safe.
public final class StatusPages implements HttpHandler {
    private final Supplier<String> metrics;
    private final Supplier<Readiness> readiness;

    /// @param json one object, shown as it is
    public record Readiness(boolean ready, String json) {}

    public StatusPages(Supplier<String> metrics, Supplier<Readiness> readiness) {
        this.metrics = metrics;
        this.readiness = readiness;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/metrics" ->
                    answer(
                            exchange,
                            200,
                            "text/plain; version=0.0.4; charset=utf-8",
                            metrics.get());
            case "/healthz", "/healthcheck" -> answer(exchange, 200, "text/plain", "OK\n");
            case "/ready" -> {
                Readiness now = readiness.get();
                answer(exchange, now.ready() ? 200 : 503, "application/json", now.json() + "\n");
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
