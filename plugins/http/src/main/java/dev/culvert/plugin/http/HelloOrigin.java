package dev.culvert.plugin.http;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// `hello_world`: a page that shows that the way here works, and its own requests as they come. The
/// paths are those of cloudflared's, and `/events`:
///
/// | path | answer |
/// |---|---|
/// | `/` | the page |
/// | `/events` | the log of requests as server-sent events |
/// | `/ws` | the log, and an echo of what is sent, as WebSocket messages |
/// | `/sse?freq=1s` | a counter as server-sent events |
/// | `/uptime` | JSON |
/// | `/_health` | `ok` |
///
/// Thread-safe: the log is, everything else is immutable.
final class HelloOrigin implements ServedHttpOrigin {
    private final RequestLog log = new RequestLog();
    private final Clock clock;
    private final Instant started;
    private final HelloPage page = new HelloPage();

    HelloOrigin() {
        this(Clock.systemUTC());
    }

    HelloOrigin(Clock clock) {
        this.clock = clock;
        started = clock.instant();
    }

    @Override
    public void close() {
        log.close();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.path();
        int query = path.indexOf('?');
        String name = query < 0 ? path : path.substring(0, query);
        if (!name.equals("/_health")) {
            log.add(entry(exchange));
        }
        if (exchange.isWebSocket()) {
            socket(exchange, name);
            return;
        }
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            text(exchange, 405, HeaderList.of("Allow", "GET, HEAD"), "use GET\n");
            return;
        }
        switch (name) {
            case "/" -> {
                HeaderList headers = common("text/html; charset=utf-8");
                headers.add("Content-Security-Policy", page.policy());
                send(exchange, 200, headers, page.render(exchange));
            }
            case "/events" -> events(exchange);
            case "/sse" -> EventStream.count(exchange, query < 0 ? "" : path.substring(query + 1));
            case "/uptime" -> uptime(exchange);
            case "/_health" -> text(exchange, 200, new HeaderList(2), "ok\n");
            case "/ws" ->
                    text(
                            exchange,
                            426,
                            HeaderList.of("Upgrade", "websocket"),
                            "this path speaks WebSocket\n");
            default -> text(exchange, 404, new HeaderList(2), "nothing here; try /\n");
        }
    }

    /// One request as JSON, without query and header values.
    private String entry(HttpExchange exchange) {
        return Json.object(
                "time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(),
                "method", HelloPage.shorten(exchange.method()),
                "host", HelloPage.shorten(exchange.authority()),
                "path", HelloPage.path(exchange));
    }

    private void socket(HttpExchange exchange, String name)
            throws IOException, InterruptedException {
        if (!name.equals("/ws")) {
            text(exchange, 404, new HeaderList(2), "no WebSocket here; try /ws\n");
            return;
        }
        RequestLog.Watcher watcher = log.watch();
        if (watcher == null) {
            busy(exchange);
            return;
        }
        try (watcher) {
            new HelloSocket(exchange, watcher).run();
        }
    }

    private void events(HttpExchange exchange) throws IOException, InterruptedException {
        RequestLog.Watcher watcher = log.watch();
        if (watcher == null) {
            busy(exchange);
            return;
        }
        try (watcher) {
            EventStream.follow(exchange, watcher);
        }
    }

    private void busy(HttpExchange exchange) throws IOException {
        text(
                exchange,
                503,
                HeaderList.of("Retry-After", "10"),
                "too many people watch this page\n");
    }

    private void uptime(HttpExchange exchange) throws IOException {
        String json =
                Json.object(
                        "startTime",
                        started.toString(),
                        "uptime",
                        Duration.between(started, clock.instant()).toSeconds() + "s");
        send(
                exchange,
                200,
                common("application/json"),
                (json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void text(HttpExchange exchange, int status, HeaderList extra, String text)
            throws IOException {
        HeaderList headers = common("text/plain; charset=utf-8");
        extra.forEach(headers::add);
        send(exchange, status, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, HeaderList headers, byte[] body)
            throws IOException {
        if (exchange.method().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(body.length));
            try (OutputStream none = exchange.respond(status, headers)) {
                none.flush();
            }
        } else {
            exchange.respond(status, headers, body);
        }
    }

    static HeaderList common(String type) {
        return HeaderList.of(
                "Content-Type", type,
                "Cache-Control", "no-store",
                "X-Content-Type-Options", "nosniff",
                "Referrer-Policy", "no-referrer");
    }
}
