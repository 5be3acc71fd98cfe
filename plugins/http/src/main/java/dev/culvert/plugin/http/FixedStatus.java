package dev.culvert.plugin.http;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// `http_status:N`: every request gets this status and no body. Immutable.
///
/// 200 to 999. cloudflared also takes 100 to 199, which are no final answers and leave the client
/// waiting; they are refused here.
record FixedStatus(int status) implements ServedHttpOrigin {

    static @Nullable Origin configure(ServiceSpec service, Problems problems) {
        String text = service.rest();
        boolean number = text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int status = number ? Integer.parseInt(text) : 0;
        if (status < 200) {
            problems.add(
                    "service",
                    "\""
                            + service.text()
                            + "\" (expected: http_status: and 200 to 999, such as"
                            + " http_status:404)");
            return null;
        }
        return new FixedStatus(status);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        boolean bodiless = status == 204 || status == 304;
        if (bodiless) {
            exchange.respond(status, new HeaderList(0)).close();
        } else {
            exchange.respond(status, new HeaderList(1), new byte[0]);
        }
    }
}
