package dev.culvert.plugin.http;

import dev.culvert.plugin.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Server-sent events. Ends when the client goes away, which shows at the next write: a comment goes
/// out every 15 seconds. Blocking: virtual threads only.
final class EventStream {
    private static final long HEARTBEAT_MILLIS = 15_000;
    private static final long TURN_MILLIS = 500;
    private static final long MIN_FREQUENCY_MILLIS = 10;
    private static final long MAX_FREQUENCY_MILLIS = 3_600_000;
    private static final Pattern FREQUENCY =
            Pattern.compile("(?:^|&)freq=(\\d{1,7})(ms|s|m)(?:&|$)");

    private EventStream() {}

    /// Each entry of the log as an event.
    static void follow(HttpExchange exchange, RequestLog.Watcher watcher)
            throws IOException, InterruptedException {
        try (OutputStream out = open(exchange)) {
            if (exchange.method().equals("HEAD")) {
                return;
            }
            write(out, ": the last requests, then new ones as they come\n\n");
            long quiet = 0;
            while (!watcher.ended()) {
                String entry = watcher.next(TURN_MILLIS);
                quiet = entry == null ? quiet + TURN_MILLIS : 0;
                if (entry != null) {
                    write(out, "data: " + entry + "\n\n");
                } else if (quiet >= HEARTBEAT_MILLIS) {
                    write(out, ":\n\n");
                    quiet = 0;
                }
            }
        }
    }

    /// A number every `freq` (default 10s, as cloudflared's), from 0.
    static void count(HttpExchange exchange, String query)
            throws IOException, InterruptedException {
        long millis = frequency(query);
        try (OutputStream out = open(exchange)) {
            if (exchange.method().equals("HEAD")) {
                return;
            }
            for (long i = 0; ; i++) {
                write(out, "data: " + i + "\n\n");
                Thread.sleep(millis);
            }
        }
    }

    static long frequency(String query) {
        Matcher matcher = FREQUENCY.matcher(query);
        if (!matcher.find()) {
            return 10_000;
        }
        long unit =
                switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    default -> 60_000;
                };
        long millis = Long.parseLong(matcher.group(1)) * unit;
        return Math.clamp(millis, MIN_FREQUENCY_MILLIS, MAX_FREQUENCY_MILLIS);
    }

    private static OutputStream open(HttpExchange exchange) throws IOException {
        return exchange.respond(200, HelloOrigin.common("text/event-stream"));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
