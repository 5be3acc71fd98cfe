package dev.culvert.gateway;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.ByteArrayOutputStream;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// One JSON object a line, with cloudflared's keys: `level`, `time`, `message`, `error`, and what the
/// line says as `key=value`: the constant sentence stays in `message`, each value gets a field.
///
/// Thread-safe: no state of its own.
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] NOTHING = {};

    /// A field in the pattern of a line: ` key=value`, or ` key="several words"`.
    private static final Pattern FIELD =
            Pattern.compile(" ([A-Za-z][A-Za-z0-9]*)=(\"[^\"]*\"|\\S*)");

    /// The arguments of a line, taken in turn.
    private static final class Arguments {
        private final @Nullable Object[] all;
        private int next;

        Arguments(@Nullable Object @Nullable [] all) {
            this.all = all == null ? new Object[0] : all;
        }

        @Nullable Object take() {
            return next < all.length ? all[next++] : "{}";
        }

        String fill(String pattern) {
            StringBuilder text = new StringBuilder();
            int from = 0;
            for (int at = pattern.indexOf("{}"); at >= 0; at = pattern.indexOf("{}", from)) {
                text.append(pattern, from, at).append(take());
                from = at + 2;
            }
            return text.append(pattern, from, pattern.length()).toString();
        }
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
            json.writeStringProperty(
                    "time", DateTimeFormatter.ISO_INSTANT.format(event.getInstant()));
            write(json, event);
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                json.writeStringProperty(
                        "error", thrown.getClassName() + ": " + thrown.getMessage());
                json.writeStringProperty("stack", ThrowableProxyUtil.asString(thrown));
            }
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static void write(JsonGenerator json, ILoggingEvent event) {
        String pattern = String.valueOf(event.getMessage());
        Arguments arguments = new Arguments(event.getArgumentArray());
        Matcher field = FIELD.matcher(pattern);
        int end = field.find() ? field.start() : pattern.length();
        json.writeStringProperty("message", arguments.fill(pattern.substring(0, end)));
        for (boolean more = end < pattern.length(); more; more = field.find()) {
            json.writeName(field.group(1));
            String value = field.group(2);
            if (value.equals("{}")) {
                switch (arguments.take()) {
                    case Integer number -> json.writeNumber(number);
                    case Long number -> json.writeNumber(number);
                    case Boolean flag -> json.writeBoolean(flag);
                    case null -> json.writeNull();
                    case Object other -> json.writeString(other.toString());
                }
            } else {
                boolean quoted = value.length() > 1 && value.startsWith("\"");
                json.writeString(
                        arguments.fill(quoted ? value.substring(1, value.length() - 1) : value));
            }
        }
    }
}
