package dev.culvert.protocols.configuration;

import dev.culvert.protocols.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// The bodies of a configuration stream over HTTP/2, which say what the RPC call says over QUIC.
///
/// | body | JSON |
/// | --- | --- |
/// | request | `{"version":INT32,"config":OBJECT}` |
/// | answer | `{"lastAppliedVersion":INT32,"err":null or anything}`; anything but null is a failure |
///
/// Stateless.
public final class ConfigurationBody {
    /// Bytes of a request: a configuration and what stands around it.
    public static final int MAX_BYTES = UpdateConfiguration.MAX_BYTES + 1024;

    private static final int MAX_DEPTH = 64;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    private ConfigurationBody() {}

    public static byte[] encode(UpdateConfiguration update) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(update.json().length + 64);
        body.writeBytes(
                ("{\"version\":" + update.version() + ",\"config\":")
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(update.json());
        body.write('}');
        return body.toByteArray();
    }

    /// @throws ProtocolException if the body is not such an object; its text is not quoted
    public static UpdateConfiguration decode(byte[] body) throws ProtocolException {
        if (body.length > MAX_BYTES) {
            throw ProtocolException.of(
                    "configuration", body.length + " bytes", "at most " + MAX_BYTES);
        }
        @Nullable Integer version = null;
        byte @Nullable [] config = null;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            requireObject(parser.nextToken());
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("version") && value == JsonToken.VALUE_NUMBER_INT) {
                    version = parser.getIntValue();
                } else if (name.equals("config") && value == JsonToken.START_OBJECT) {
                    config = copy(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw ProtocolException.of("configuration", "more after it", "one JSON object");
            }
        } catch (JacksonException e) {
            throw ProtocolException.of("configuration", "broken", "a JSON object");
        }
        if (version == null || config == null) {
            throw ProtocolException.of(
                    "configuration",
                    version == null ? "no version" : "no config",
                    "version, a 32-bit number, and config, an object");
        }
        return new UpdateConfiguration(version, config);
    }

    private static void requireObject(@Nullable JsonToken token) throws ProtocolException {
        if (token != JsonToken.START_OBJECT) {
            throw ProtocolException.of("configuration", "not an object", "a JSON object");
        }
    }

    private static byte[] copy(JsonParser parser) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.copyCurrentStructure(parser);
        }
        return out.toByteArray();
    }

    public static byte[] encode(UpdateConfiguration.Result result) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("lastAppliedVersion", result.version());
            if (result.error().isEmpty()) {
                json.writeNullProperty("err");
            } else {
                json.writeStringProperty("err", result.error());
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// cloudflared's `err` is a dump of a Go value, usually `{}`: then the text says only that it failed.
    public static UpdateConfiguration.Result decodeResult(byte[] body) throws ProtocolException {
        @Nullable Integer version = null;
        String error = "";
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            requireObject(parser.nextToken());
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("lastAppliedVersion") && value == JsonToken.VALUE_NUMBER_INT) {
                    version = parser.getIntValue();
                } else if (name.equals("err") && value == JsonToken.VALUE_STRING) {
                    error = parser.getString();
                } else if (name.equals("err") && value != JsonToken.VALUE_NULL) {
                    parser.skipChildren();
                    error = "refused, see the connector's log";
                } else {
                    parser.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw ProtocolException.of("answer to a configuration", "broken", "a JSON object");
        }
        if (version == null) {
            throw ProtocolException.of(
                    "answer to a configuration", "no lastAppliedVersion", "a 32-bit number");
        }
        return new UpdateConfiguration.Result(version, error);
    }
}
