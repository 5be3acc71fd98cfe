package dev.culvert.example.clock;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `service: clock` or `clock:Europe/Zurich` answers every request with the time. Immutable.
public final class ClockPlugin implements OriginPlugin {
    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("clock");
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        try {
            ZoneId zone = ZoneId.of(service.rest().isEmpty() ? "UTC" : service.rest());
            return new ClockOrigin(Clock.system(zone));
        } catch (DateTimeException e) {
            problems.add(
                    "service",
                    "\"" + service.text() + "\" (expected: a time zone such as clock:Asia/Tokyo)");
            return null;
        }
    }

    record ClockOrigin(Clock clock) implements ServedHttpOrigin {
        @Override
        public void handle(HttpExchange exchange) throws IOException {
            String time = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(ZonedDateTime.now(clock));
            exchange.respond(
                    200,
                    HeaderList.of("Content-Type", "text/plain; charset=utf-8"),
                    (time + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
