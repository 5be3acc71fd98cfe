package dev.culvert.edge.plugins;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.EdgePlugin;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A plugin in the hands of a test: says what it is asked, and lets the test do the rest.
public final class ProbePlugin implements EdgePlugin {
    public static final String NAME = "ssh";

    private volatile @Nullable EdgeServices services;
    private volatile Browser browser =
            (admitted, exchange) ->
                    exchange.respond(
                            200,
                            new HeaderList(1),
                            (admitted.actor() + " at " + exchange.path())
                                    .getBytes(StandardCharsets.UTF_8));

    /// What it does with a browser.
    @FunctionalInterface
    interface Browser {
        void handle(Admitted admitted, HttpExchange exchange)
                throws IOException, InterruptedException;
    }

    void inBrowser(Browser then) {
        browser = then;
    }

    EdgeServices services() {
        return Objects.requireNonNull(services);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EdgeHalf start(EdgeServices given) {
        services = given;
        return new EdgeHalf() {
            @Override
            public void browser(Admitted admitted, HttpExchange exchange)
                    throws IOException, InterruptedException {
                browser.handle(admitted, exchange);
            }

            @Override
            public Set<String> authPaths() {
                return Set.of("probe");
            }

            @Override
            public String admin(String method, String path, String body) {
                return "{\"asked\":\"" + method + " " + path + "\"}";
            }

            /// An echo.
            @Override
            public void accept(Connection client) throws IOException {
                OutputStream out = client.output();
                client.input().transferTo(out);
            }

            @Override
            public void close() {}
        };
    }
}
