package dev.culvert.connector.ingress;

import dev.culvert.plugin.ServiceSpec.OriginRequest;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Rules in cloudflared's JSON: durations in seconds, no secrets (there are none in rules). The keys
/// are those of [OriginRequest] and [RuleSettings], which have cloudflared's names. Stateless.
///
/// Source: cloudflared, `ingress/config.go` and `orchestration/orchestrator.go`.
public final class RulesJson {
    private static final JsonFactory JSON = new JsonFactory();

    private RulesJson() {}

    /// As `/config` shows what is in force: `{"version":…,"config":{…}}`, every setting.
    public static String versioned(int version, Ingress ingress) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("version", version);
            json.writeName("config");
            json.writeStartObject();
            rules(json, ingress, true);
            // What was said for all rules stands in each.
            json.writeName("originRequest");
            json.writeStartObject();
            json.writeEndObject();
            json.writeName("warp-routing");
            json.writeStartObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString();
    }

    /// As a connector tells the edge of its own rules: what differs from the defaults.
    public static String local(Ingress ingress) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeName("__configuration_flags");
            json.writeStartObject();
            json.writeEndObject();
            rules(json, ingress, false);
            json.writeName("warp-routing");
            json.writeStartObject();
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void rules(JsonGenerator json, Ingress ingress, boolean every) {
        json.writeName("ingress");
        json.writeStartArray();
        for (IngressRule rule : ingress.rules()) {
            json.writeStartObject();
            if (every || !rule.hostname().text().isEmpty()) {
                json.writeStringProperty("hostname", rule.hostname().text());
            }
            if (rule.path() != null) {
                json.writeStringProperty("path", rule.path().toString());
            }
            json.writeStringProperty("service", rule.service().text());
            json.writeName("originRequest");
            json.writeStartObject();
            keys(json, rule.service().originRequest(), OriginRequest.DEFAULT, every);
            keys(json, rule.settings(), RuleSettings.NONE, every);
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void keys(JsonGenerator json, Record values, Record defaults, boolean every) {
        for (RecordComponent key : values.getClass().getRecordComponents()) {
            Object value = value(key, values);
            if (value != null && (every || !value.equals(value(key, defaults)))) {
                json.writeName(key.getName());
                value(json, value);
            }
        }
    }

    private static @Nullable Object value(RecordComponent key, Object of) {
        try {
            return key.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(key.getName(), e);
        }
    }

    private static void value(JsonGenerator json, Object value) {
        switch (value) {
            case Duration time -> {
                if (time.getNano() == 0) {
                    json.writeNumber(time.toSeconds());
                } else {
                    json.writeNumber(time.toNanos() / 1e9);
                }
            }
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Iterable<?> list when !(value instanceof java.nio.file.Path) -> {
                json.writeStartArray();
                list.forEach(element -> value(json, Objects.requireNonNull(element)));
                json.writeEndArray();
            }
            case Record nested -> {
                json.writeStartObject();
                keys(json, nested, nested, true);
                json.writeEndObject();
            }
            default -> json.writeString(value.toString());
        }
    }
}
