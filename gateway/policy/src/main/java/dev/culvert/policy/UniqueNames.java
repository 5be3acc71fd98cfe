package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `name` of things of one kind, each of which needs one of its own. Confined to one thread.
final class UniqueNames {
    static final int MAX_LENGTH = 100;

    private final String kind;
    private final Set<String> taken = new HashSet<>();

    /// @param kind one word, for messages
    UniqueNames(String kind) {
        this.kind = kind;
    }

    /// @return null when there is none, or none that can be used; that was reported then
    @Nullable String read(ConfigMap map) {
        if (!map.has("name")) {
            map.problem("name", "missing (expected: the name of the " + kind + ")");
            return null;
        }
        String name = map.text("name");
        if (name == null) {
            return null;
        }
        if (!isName(name)) {
            map.problem(
                    "name",
                    Shown.value(name)
                            + " (expected: 1 to "
                            + MAX_LENGTH
                            + " visible characters, without space at either end)");
            return null;
        }
        if (!taken.add(name)) {
            map.problem("name", "there is another " + kind + " " + Shown.value(name));
            return null;
        }
        return name;
    }

    static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.equals(text.strip())
                && text.codePoints().allMatch(UniqueNames::isVisible);
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
