package dev.culvert.edge.pages;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/// Serves every sample page on loopback under its real headers, to be looked at in a browser:
/// `PagePreview [PORT]`. The list of them is at `/`.
final class PagePreview implements AutoCloseable {
    private static final String HOSTILE =
            "Long\u202Ename <script>alert(1)</script> \"quoted\" "
                    + "donaudampfschifffahrtsgesellschaftskapitänswitwe".repeat(3);

    private static final String RECORDING =
            """
            {"version": 2, "width": 80, "height": 24, "timestamp": 1, "title": "ann"}
            [0.100000, "o", "\\u001b]0;build\\u0007\\u001b[32mann@build\\u001b[0m:~$ "]
            [1.000000, "o", "make test\\r\\n"]
            [1.000000, "i", "make test\\r"]
            [1.000000, "m", "command?: make test"]
            [62.000000, "o", "compiling \\u001b[1mthe wor"]
            [62.100000, "o", "ld\\u001b[0m 世界\\r\\n"]
            [63.000000, "r", "100x30"]
            [64.000000, "o", "\\u001b[31mtest failed\\u001b[0m: wanted 1, was 2\\r\\n"]
            [65.000000, "m", "sftp: get /srv/log/test.log, 1234 bytes"]
            [66.000000, "m", "gap: 4096 bytes are missing, from 65.1 s to 65.9 s"]
            [67.000000, "o", "exit\\r\\n"]
            """;
    private static final String LIVE =
            """
            retry: 600000
            data: {"cols":80,"rows":24,"time":5.0,"init":"\\u001b[32mann@build\\u001b[0m:~$ "}

            data: [5.1, "o", "top\\r\\n"]

            data: [5.2, "r", {"cols":100,"rows":30}]

            data: [5.3, "o", "load 0.12\\r\\n"]

            """;
    private static final String CHECKED =
            "{\"look\":\"good\",\"sentence\":\"Complete: 12 records, 67.000000 s.\","
                    + "\"key\":\"Signed by SHA256:6Yx0O3bLr4GJw1hCqk8vXo2fPZ9tDnEuSaIyMdRQ7WU,"
                    + " this edge's key.\"}";

    private final HttpServer server;

    private PagePreview(HttpServer server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws IOException {
        int port = arguments.length == 0 ? 8099 : Integer.parseInt(arguments[0]);
        System.out.println(start(port).url());
    }

    /// @param port 0 for any
    static PagePreview start(int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        answer(new JdkExchange(exchange));
                    }
                });
        server.start();
        return new PagePreview(server);
    }

    /// Ends in `/`. By name, since passkeys are not for addresses.
    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.path().split("\\?")[0];
        Map<String, Page> pages = SamplePages.all();
        Page page = pages.get(path.substring(1));
        if (path.startsWith(Paths.ASSETS)) {
            new Assets().handle(exchange);
        } else if (page != null) {
            Pages.show(exchange, 200, page);
        } else if (path.startsWith("/odd/")) {
            String name = path.substring(5);
            Pages.show(exchange, 200, odd(name));
        } else if (path.equals("/recording.cast")) {
            text(exchange, "application/x-asciicast", RECORDING);
        } else if (path.equals("/recording.guac")) {
            text(exchange, "application/octet-stream", desktop());
        } else if (path.equals("/recording.events")) {
            text(exchange, "text/event-stream", LIVE);
        } else if (path.equals("/recording.check")) {
            text(exchange, "application/json", CHECKED);
        } else if (path.equals("/metrics.json")) {
            text(exchange, "application/json", metrics());
        } else {
            text(exchange, "text/plain", String.join("\n", pages.keySet()));
        }
    }

    /// A page of this record full of odd texts.
    private static Page odd(String record) {
        return FilledPages.with(HOSTILE)
                .filter(page -> page.getClass().getSimpleName().equals(record))
                .findFirst()
                .orElseThrow();
    }

    /// A desktop that is red, after 40 s in which nothing happens green, and at the end blue; the last instruction is torn.
    private static String desktop() {
        StringBuilder made = new StringBuilder();
        instruction(made, "log", "0.000000", "recording", "ann@example.com: ann@office");
        instruction(made, "name", "Büro 🖥 von Ann");
        instruction(made, "size", "0", "640", "360");
        filled(made, "200", "0", "0", 1_000);
        instruction(made, "mouse", "20", "20", "0", "1500");
        for (char key : "ls".toCharArray()) {
            instruction(made, "key", Integer.toString(key), "1", "2000");
            instruction(made, "key", Integer.toString(key), "0", "2000");
        }
        instruction(made, "key", "65293", "1", "2000");
        instruction(made, "sync", "2000");
        instruction(made, "log", "2.100000", "file", "\\u00dcbersicht.pdf, 12 bytes, to the host");
        instruction(made, "sync", "20000");
        filled(made, "0", "200", "0", 42_000);
        instruction(made, "log", "43.100000", "gap", "4096 bytes are missing");
        filled(made, "0", "0", "200", 44_000);
        return made + "4.sync,5.450";
    }

    private static void filled(
            StringBuilder made, String red, String green, String blue, int millis) {
        instruction(made, "rect", "0", "0", "0", "640", "360");
        instruction(made, "cfill", "14", "0", red, green, blue, "255");
        instruction(made, "sync", Integer.toString(millis));
    }

    private static void instruction(StringBuilder made, String... elements) {
        for (String element : elements) {
            made.append(element.codePointCount(0, element.length())).append('.').append(element);
            made.append(element == elements[elements.length - 1] ? ';' : ',');
        }
    }

    private static String metrics() {
        long now = System.currentTimeMillis() / 2000;
        return "{\"at\":%d,\"step\":2000,\"series\":{\"received\":[%s],\"sent\":[%s],\"streams\":[%s]}}"
                .formatted(now * 2000, wave(now, 3e6, 17), wave(now, 9e6, 23), wave(now, 900, 41));
    }

    private static String wave(long now, double height, int period) {
        return DoubleStream.iterate(now - 149, at -> at + 1)
                .limit(150)
                .map(at -> height * (1.3 + Math.sin(at / period) + 0.25 * Math.sin(at * 1.7)))
                .mapToObj(value -> Long.toString(Math.round(value)))
                .collect(Collectors.joining(","));
    }

    private static void text(HttpExchange exchange, String type, String body) throws IOException {
        HeaderList headers = HeaderList.of("Content-Type", type + "; charset=utf-8");
        exchange.respond(200, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /// The edge's interface on the JDK's server.
    private record JdkExchange(com.sun.net.httpserver.HttpExchange exchange)
            implements HttpExchange {
        @Override
        public String method() {
            return exchange.getRequestMethod();
        }

        @Override
        public String path() {
            return exchange.getRequestURI().toString();
        }

        @Override
        public String authority() {
            return exchange.getRequestHeaders().getFirst("Host");
        }

        @Override
        public HeaderList requestHeaders() {
            HeaderList headers = new HeaderList();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
            return headers;
        }

        @Override
        public InputStream body() {
            return exchange.getRequestBody();
        }

        @Override
        public OutputStream respond(int status, HeaderList headers) throws IOException {
            String length = headers.first("Content-Length");
            headers.forEach((name, value) -> {
                if (!name.equals("Content-Length")) {
                    exchange.getResponseHeaders().add(name, value);
                }
            });
            boolean bodiless = length == null || length.equals("0") || method().equals("HEAD");
            exchange.sendResponseHeaders(status, bodiless ? -1 : Long.parseLong(length));
            return exchange.getResponseBody();
        }

        @Override
        public boolean isWebSocket() {
            return false;
        }
    }
}
