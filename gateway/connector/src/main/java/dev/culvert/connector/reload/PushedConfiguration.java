package dev.culvert.connector.reload;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import dev.culvert.config.ProblemList;
import dev.culvert.config.PushedJson;
import dev.culvert.config.YamlFile;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The streams by which the edge hands over a configuration: body `{"version":N,"config":{…}}` of at
/// most 1 MiB, answer 200 with `{"lastAppliedVersion":N,"err":null}`. `err` is text when the
/// configuration was not taken, one line a problem; in cloudflared it is an object without it. 502 for anything
/// but such a body, 413 for a longer one, 503 when too many come at a time.
///
/// Thread-safe. Blocking: virtual threads only.
///
/// Source: cloudflared, `connection/http2.go` (`handleConfigurationUpdate`).
public final class PushedConfiguration implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(PushedConfiguration.class);
    private static final JsonFactory JSON = new JsonFactory();

    /// Characters of what is wrong; all of it is in our log.
    private static final int MAX_PROBLEM = 1000;

    /// Every connection gets one at a time; all of a connector's carry the same.
    private static final int AT_A_TIME = 32;

    private final RuleUpdates updates;
    private final Semaphore room = new Semaphore(AT_A_TIME);

    public PushedConfiguration(RuleUpdates updates) {
        this.updates = updates;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!room.tryAcquire()) {
            refuse(exchange, 503, "too many configurations at a time");
            return;
        }
        try {
            receive(exchange);
        } finally {
            room.release();
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.body().readNBytes(YamlFile.MAX_BYTES + 1);
        if (body.length > YamlFile.MAX_BYTES) {
            refuse(exchange, 413, "the configuration is longer than 1 MiB");
            return;
        }
        ProblemList problems = new ProblemList();
        List<String> ignored = new ArrayList<>();
        ConfigMap root =
                PushedJson.parse("configuration of the edge", body, problems, ignored::add);
        ConfigValue number = root == null ? null : root.value("version");
        Integer version =
                number == null ? null : number.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (root == null || version == null) {
            String problem =
                    problems.isEmpty()
                            ? "version: missing (expected: a 32-bit number)"
                            : problems.problems().getFirst().toString();
            refuse(exchange, 502, problem);
            return;
        }
        RuleUpdates.Pushed result = updates.push(version, root.map("config"), problems, ignored);
        exchange.respond(
                200,
                HeaderList.of("Content-Type", "application/json"),
                answer(result.version(), result.problem())
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static void refuse(HttpExchange exchange, int status, String problem)
            throws IOException {
        log.warn(
                "Configuration of the edge cannot be read status={} problem=\"{}\"",
                status,
                problem);
        exchange.respond(status, new HeaderList(1), new byte[0]);
    }

    static String answer(int version, @Nullable String problem) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("lastAppliedVersion", version);
            json.writeName("err");
            if (problem == null) {
                json.writeNull();
            } else {
                json.writeString(problem.substring(0, Math.min(MAX_PROBLEM, problem.length())));
            }
            json.writeEndObject();
        }
        return text.toString();
    }
}
