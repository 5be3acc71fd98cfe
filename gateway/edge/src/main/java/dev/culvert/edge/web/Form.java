package dev.culvert.edge.web;

import dev.culvert.plugin.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of a form: of a query or of an `application/x-www-form-urlencoded` body. At most 64 KiB and
/// 200 fields; what is not decodable is as if it were not there. Immutable.
public final class Form {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_FIELDS = 200;
    public static final Form EMPTY = new Form(Map.of());

    private final Map<String, List<String>> fields;

    private Form(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /// @param path with or without a query
    public static Form ofQuery(String path) {
        int mark = path.indexOf('?');
        return mark < 0 ? EMPTY : parse(path.substring(mark + 1));
    }

    /// Reads the body. Blocking.
    ///
    /// @return empty when it is not a form or too long
    public static Form ofBody(HttpExchange exchange) throws IOException {
        String type = exchange.requestHeaders().first("content-type");
        String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/x-www-form-urlencoded")) {
            return EMPTY;
        }
        byte[] bytes = exchange.body().readNBytes(MAX_BYTES + 1);
        return bytes.length > MAX_BYTES
                ? EMPTY
                : parse(new String(bytes, StandardCharsets.US_ASCII));
    }

    static Form parse(String encoded) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String pair : encoded.split("&", MAX_FIELDS + 1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
            if (name != null && value != null && !name.isEmpty()) {
                fields.computeIfAbsent(name, same -> new ArrayList<>()).add(value);
            }
        }
        return new Form(fields);
    }

    private static @Nullable String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    public @Nullable String first(String name) {
        List<String> values = fields.get(name);
        return values == null ? null : values.getFirst();
    }

    /// The first value, empty when there is none.
    public String text(String name) {
        String value = first(name);
        return value == null ? "" : value;
    }

    public Set<String> names() {
        return Set.copyOf(fields.keySet());
    }

    public List<String> all(String name) {
        return List.copyOf(fields.getOrDefault(name, List.of()));
    }
}
