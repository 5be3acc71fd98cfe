package dev.culvert.edge.signin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a provider says about a person, as JSON values by name. Bounded: what is too much is an error and
/// not cut off, for a policy may exclude by what was cut. Immutable.
///
/// @param values as the JSON library gives them
record ProviderClaims(Map<String, Object> values) {
    private static final int MAX_VALUES = 1000;
    private static final int MAX_TEXT = 512;

    boolean has(String name) {
        return values.get(name) != null;
    }

    /// A text or whole number as text; null when absent or something else.
    @Nullable String text(String name) {
        return scalar(values.get(name));
    }

    /// `true`, or the text for it, which some providers write.
    boolean isTrue(String name) {
        Object value = values.get(name);
        return Boolean.TRUE.equals(value) || "true".equals(value);
    }

    /// All values of a list, or the only one; none when absent. Objects and nested lists are left out.
    List<String> texts(String name) throws ProviderException {
        Object value = values.get(name);
        Collection<?> all = value instanceof Collection<?> list ? list : optional(value);
        List<String> texts = new ArrayList<>();
        for (Object one : all) {
            String text = scalar(one);
            if (text != null) {
                texts.add(text);
            }
        }
        if (texts.size() > MAX_VALUES || texts.stream().anyMatch(t -> t.length() > MAX_TEXT)) {
            throw ProviderException.broken(
                    "the claim "
                            + name
                            + " has more than "
                            + MAX_VALUES
                            + " values, or one of more than "
                            + MAX_TEXT
                            + " characters",
                    null);
        }
        return texts;
    }

    private static List<?> optional(@Nullable Object value) {
        return value == null ? List.of() : List.of(value);
    }

    private static @Nullable String scalar(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag.toString();
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case java.math.BigInteger number -> number.toString();
            case null, default -> null;
        };
    }
}
