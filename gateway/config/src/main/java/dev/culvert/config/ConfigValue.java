package dev.culvert.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One value and where it stands. Each reading method reports what does not fit and then returns
/// null. Values are not repeated in messages about their type: they may be secrets.
///
/// Confined to one thread, as the [ProblemList] behind it.
public final class ConfigValue {
    private final YamlFile file;
    private final String key;
    private final Node node;

    ConfigValue(YamlFile file, String key, Node node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    /// Full key, such as `ingress[2].service`.
    public String key() {
        return key;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public void problem(String problem) {
        problem(problem, null);
    }

    public void problem(String problem, @Nullable String suggestion) {
        file.add(node, key, problem, suggestion);
    }

    public @Nullable String text() {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.STR)) {
            return scalar.getValue();
        }
        boolean scalar = node instanceof ScalarNode;
        problem(kind() + (scalar ? " (expected: text; put it in quotes)" : " (expected: text)"));
        return null;
    }

    public @Nullable Integer integer(int min, int max) {
        String expected = " (expected: a whole number, " + min + " to " + max + ")";
        if (!(node instanceof ScalarNode scalar) || !node.getTag().equals(Tag.INT)) {
            problem(kind() + expected);
            return null;
        }
        try {
            int number = Integer.parseInt(scalar.getValue());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Out of int's range, or hexadecimal or octal: reported as any other wrong number.
        }
        problem(Shown.value(scalar.getValue()) + expected);
        return null;
    }

    public @Nullable Boolean bool() {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)) {
            return Boolean.parseBoolean(scalar.getValue());
        }
        problem(kind() + " (expected: true or false)");
        return null;
    }

    public @Nullable Duration duration(Duration min, Duration max) {
        if (file.durationsInSeconds()) {
            return seconds(min, max);
        }
        if (!(node instanceof ScalarNode scalar)
                || !(node.getTag().equals(Tag.STR) || node.getTag().equals(Tag.INT))) {
            problem(kind() + " (expected: a duration such as 30s or 1m30s)");
            return null;
        }
        try {
            if (node.getTag().equals(Tag.INT) && scalar.getValue().equals("0")) {
                throw new IllegalArgumentException(
                        "\"0\" has no unit (expected: a duration such as 0s)");
            }
            Duration duration = GoDuration.parse(scalar.getValue());
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
            problem(
                    scalar.getValue()
                            + " (expected: "
                            + GoDuration.format(min)
                            + " to "
                            + GoDuration.format(max)
                            + ")");
        } catch (IllegalArgumentException e) {
            problem(String.valueOf(e.getMessage()));
        }
        return null;
    }

    private @Nullable Duration seconds(Duration min, Duration max) {
        String expected =
                " (expected: whole seconds, "
                        + Math.max(min.toSeconds(), min.isZero() ? 0 : 1)
                        + " to "
                        + max.toSeconds()
                        + ")";
        if (!(node instanceof ScalarNode scalar) || !node.getTag().equals(Tag.INT)) {
            problem(kind() + expected);
            return null;
        }
        try {
            Duration duration = Duration.ofSeconds(Long.parseLong(scalar.getValue()));
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
        } catch (NumberFormatException e) {
            // Beyond a long: reported as any other number out of range.
        }
        problem(Shown.value(scalar.getValue()) + expected);
        return null;
    }

    public @Nullable ConfigMap map() {
        if (node instanceof MappingNode mapping) {
            return file.map(mapping, key);
        }
        problem(kind() + " (expected: a mapping of keys to values)");
        return null;
    }

    /// The elements of a list; an empty list when this is none. Elements are `key[0]`, `key[1]`, …
    public List<ConfigValue> elements() {
        List<ConfigValue> elements = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node element : sequence.getValue()) {
                elements.add(new ConfigValue(file, key + "[" + elements.size() + "]", element));
            }
        } else {
            problem(kind() + " (expected: a list)");
        }
        return elements;
    }

    private String kind() {
        Tag tag = node.getTag();
        if (node instanceof MappingNode) {
            return "is a mapping";
        } else if (node instanceof SequenceNode) {
            return "is a list";
        } else if (tag.equals(Tag.STR)) {
            return "is text";
        } else if (tag.equals(Tag.BOOL)) {
            return "is true or false";
        } else if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return "is a number";
        } else if (tag.equals(Tag.NULL)) {
            return "has no value";
        }
        return "has the tag " + Shown.value(tag.getValue());
    }
}
