package dev.culvert.plugin.desktop;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;

/// The running half: who asks for what. Thread-safe.
final class DesktopHalf implements EdgeHalf {
    @Override
    public void browser(Admitted admitted, HttpExchange exchange) throws IOException {
        exchange.respond(303, HeaderList.of("Location", "/"), new byte[0]);
    }

    @Override
    public void close() {}
}
