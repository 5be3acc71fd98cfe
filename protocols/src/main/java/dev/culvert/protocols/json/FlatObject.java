package dev.culvert.protocols.json;

import dev.culvert.protocols.ProtocolException;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// The texts and flags of one JSON object; fields of other kinds are skipped. Of a field that comes
/// twice the last counts, as in cloudflared.
///
/// Messages say where the text is broken and never quote it, since it may be a secret.
///
/// Immutable.
public final class FlatObject {
    private static final int MAX_FIELDS = 64;
    private static final int MAX_DEPTH = 16;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    private final String what;
    private final Map<String, Object> fields;

    private FlatObject(String what, Map<String, Object> fields) {
        this.what = what;
        this.fields = fields;
    }

    /// @param what names the text in messages
    /// @param maxLength characters of `text` that are allowed
    public static FlatObject parse(String what, String text, int maxLength)
            throws ProtocolException {
        if (text.length() > maxLength) {
            throw ProtocolException.of(what, text.length() + " characters", "at most " + maxLength);
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ProtocolException.of(what, "not an object", "a JSON object");
            }
            Map<String, Object> fields = new HashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                read(parser, name, fields);
                if (fields.size() > MAX_FIELDS) {
                    throw ProtocolException.of(what, "more fields", "at most " + MAX_FIELDS);
                }
            }
            if (parser.nextToken() != null) {
                throw ProtocolException.of(what, "more after the object", "one JSON object");
            }
            return new FlatObject(what, fields);
        } catch (JacksonException e) {
            // Its message would quote the text.
            var at = e.getLocation();
            String where =
                    at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw ProtocolException.of(what, "broken" + where, "a JSON object");
        }
    }

    private static void read(JsonParser parser, String name, Map<String, Object> fields) {
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING) {
            fields.put(name, parser.getString());
        } else if (value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE) {
            fields.put(name, value == JsonToken.VALUE_TRUE);
        } else {
            fields.remove(name);
            parser.skipChildren();
        }
    }

    /// The text of a field, or null if it is missing or not a text.
    public @Nullable String text(String field) {
        return fields.get(field) instanceof String text ? text : null;
    }

    /// The text of a field that has to be there and not empty.
    public String requiredText(String field) throws ProtocolException {
        String text = text(field);
        if (text == null || text.isEmpty()) {
            throw ProtocolException.of(
                    what + " field " + field, text == null ? "missing" : "empty", "a text");
        }
        return text;
    }

    /// Whether a field is `true`.
    public boolean flag(String field) {
        return Boolean.TRUE.equals(fields.get(field));
    }

    /// JSON of these fields in their order.
    ///
    /// @param fields values are texts or booleans
    public static String format(Map<String, ?> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            fields.forEach((name, value) -> {
                json.writeName(name);
                if (value instanceof Boolean flag) {
                    json.writeBoolean(flag);
                } else {
                    json.writeString(value.toString());
                }
            });
            json.writeEndObject();
        }
        return text.toString();
    }

    /// Names only: values may be secrets.
    @Override
    public String toString() {
        return what + fields.keySet();
    }
}
