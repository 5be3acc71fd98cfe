package dev.culvert.edge.admin;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Form;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a request's path names below `/api/v1`, percent-decoded. Immutable.
///
/// @param segments without empty ones
record ResourcePath(List<String> segments, Form query) {
    private static final String PREFIX = "/api/v1/";
    private static final int MAX_LENGTH = 4096;

    static ResourcePath parse(String path) throws Refusal {
        String plain = path.split("\\?", 2)[0];
        if (path.length() > MAX_LENGTH || !plain.startsWith(PREFIX)) {
            throw unknown(path);
        }
        List<String> segments = new ArrayList<>();
        for (String segment : plain.substring(PREFIX.length()).split("/", -1)) {
            try {
                segments.add(
                        URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw unknown(path);
            }
        }
        return new ResourcePath(List.copyOf(segments), Form.ofQuery(path));
    }

    /// Refuses parameters that are not among these.
    void queries(String... known) throws Refusal {
        for (String name : query.names()) {
            if (!List.of(known).contains(name)) {
                throw query(name, "(expected: one of " + List.of(known) + ")");
            }
        }
    }

    /// False when it is missing.
    boolean flag(String name) throws Refusal {
        return switch (query.text(name)) {
            case "", "false" -> false;
            case "true" -> true;
            case String other ->
                    throw query(name + "=" + other, "(expected: " + name + "=true or =false)");
        };
    }

    /// Zero or more; the other value when it is missing.
    long number(String name, long otherwise) throws Refusal {
        String text = query.text(name);
        try {
            long number = text.isEmpty() ? otherwise : Long.parseLong(text);
            if (number >= 0 || text.isEmpty()) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw query(name + "=" + text, "(expected: a whole number)");
    }

    static Refusal query(String given, String expected) {
        return new Refusal(
                400,
                "invalid",
                "query " + StateException.quoted(given) + " " + expected,
                "leave it out or correct it");
    }

    static Refusal unknown(String path) {
        return new Refusal(
                404,
                "not_found",
                "there is nothing at " + StateException.quoted(path),
                "see the table of requests in docs/admin-api.md");
    }
}
