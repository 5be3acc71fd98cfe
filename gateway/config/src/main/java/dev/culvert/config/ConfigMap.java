package dev.culvert.config;

import dev.culvert.plugin.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A mapping of a configuration file, read key by key. A key that was asked for is a known one;
/// [#finish()] reports the others. A key without a value counts as absent.
///
/// The reading methods report what does not fit and return the value for "absent" then, so a reader
/// goes on and finds the next problem.
///
/// Confined to one thread.
public final class ConfigMap {
    private final YamlFile file;
    private final String path;
    private final Map<String, NodeTuple> entries;
    private final @Nullable Node node;
    private final Set<String> known = new LinkedHashSet<>();

    ConfigMap(YamlFile file, String path, Map<String, NodeTuple> entries, @Nullable Node node) {
        this.file = file;
        this.path = path;
        this.entries = entries;
        this.node = node;
    }

    /// The file as shown in messages.
    public String source() {
        return file.source();
    }

    /// The keys that are written, known or not, with or without a value.
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    public boolean has(String key) {
        return value(key) != null;
    }

    public @Nullable ConfigValue value(String key) {
        known.add(key);
        NodeTuple entry = entries.get(key);
        if (entry == null || entry.getValueNode().getTag().equals(Tag.NULL)) {
            return null;
        }
        return new ConfigValue(file, YamlFile.join(path, key), entry.getValueNode());
    }

    public @Nullable String text(String key) {
        ConfigValue value = value(key);
        return value == null ? null : value.text();
    }

    public String text(String key, String absent) {
        String text = text(key);
        return text == null ? absent : text;
    }

    public int integer(String key, int absent, int min, int max) {
        ConfigValue value = value(key);
        Integer number = value == null ? null : value.integer(min, max);
        return number == null ? absent : number;
    }

    public boolean bool(String key, boolean absent) {
        ConfigValue value = value(key);
        Boolean flag = value == null ? null : value.bool();
        return flag == null ? absent : flag;
    }

    public Duration duration(String key, Duration absent, Duration min, Duration max) {
        ConfigValue value = value(key);
        Duration duration = value == null ? null : value.duration(min, max);
        return duration == null ? absent : duration;
    }

    /// One of several words.
    public <T> T choice(String key, T absent, Map<String, T> choices) {
        ConfigValue value = value(key);
        String word = value == null ? null : value.text();
        if (value == null || word == null) {
            return absent;
        }
        T chosen = choices.get(word);
        if (chosen != null) {
            return chosen;
        }
        String all = String.join(", ", choices.keySet().stream().sorted().toList());
        value.problem(
                Shown.value(word) + " (expected: " + all + ")",
                NearestName.of(word, choices.keySet()));
        return absent;
    }

    /// A list of texts, or a single text for a list of one.
    public List<String> texts(String key) {
        ConfigValue value = value(key);
        List<String> texts = new ArrayList<>();
        if (value != null) {
            for (ConfigValue element : value.isList() ? value.elements() : List.of(value)) {
                String text = element.text();
                if (text != null) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    public @Nullable ConfigMap map(String key) {
        ConfigValue value = value(key);
        return value == null ? null : value.map();
    }

    /// A list of mappings.
    public List<ConfigMap> maps(String key) {
        ConfigValue value = value(key);
        List<ConfigMap> maps = new ArrayList<>();
        if (value != null) {
            for (ConfigValue element : value.elements()) {
                ConfigMap map = element.map();
                if (map != null) {
                    maps.add(map);
                }
            }
        }
        return maps;
    }

    /// Keys that are known and read by nobody.
    public void accept(String... keys) {
        known.addAll(List.of(keys));
    }

    /// A key of former versions: an error that names its successor, if present.
    public void retired(String key, String instead) {
        refuse(key, "no longer exists; use \"" + instead + "\"");
    }

    /// A key that is understood and not accepted: an error with the reason, if present.
    public void refuse(String key, String reason) {
        known.add(key);
        NodeTuple entry = entries.get(key);
        if (entry != null) {
            file.add(entry.getKeyNode(), YamlFile.join(path, key), reason, null);
        }
    }

    /// Reports a problem at the value of `key` (dotted for a nested one), or at the nearest place there is.
    public void problem(String key, String problem) {
        file.add(place(key), key.isEmpty() ? path : YamlFile.join(path, key), problem, null);
    }

    /// This mapping as a plugin reports to it: keys relative to here.
    public Problems problems() {
        return this::problem;
    }

    /// A hash of each key's value, to tell which keys of two readings differ. Says nothing of the values.
    public Map<String, Integer> valueHashes() {
        Map<Node, Integer> known = new IdentityHashMap<>();
        Map<String, Integer> hashes = new TreeMap<>();
        entries.forEach((key, entry) -> hashes.put(key, hash(entry.getValueNode(), known)));
        return hashes;
    }

    /// Each node once, however many aliases lead to it.
    private static int hash(Node node, Map<Node, Integer> known) {
        Integer before = known.get(node);
        if (before != null) {
            return before;
        }
        int hash =
                switch (node) {
                    case ScalarNode scalar -> Objects.hash(scalar.getTag(), scalar.getValue());
                    case SequenceNode list -> {
                        int all = 1;
                        for (Node element : list.getValue()) {
                            all = 31 * all + hash(element, known);
                        }
                        yield all;
                    }
                    case MappingNode map -> {
                        int all = 2;
                        for (NodeTuple entry : map.getValue()) {
                            all +=
                                    31 * hash(entry.getKeyNode(), known)
                                            ^ hash(entry.getValueNode(), known);
                        }
                        yield all;
                    }
                    default -> 0;
                };
        known.put(node, hash);
        return hash;
    }

    /// Reports every key nobody asked for. Call it last.
    public void finish() {
        for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
            if (!known.contains(entry.getKey())) {
                file.unknownKey(
                        entry.getValue().getKeyNode(),
                        YamlFile.join(path, entry.getKey()),
                        entry.getKey().equals("<<")
                                ? "merge keys are not supported; write the keys out"
                                : "unknown key",
                        NearestName.of(entry.getKey(), known));
            }
        }
    }

    private @Nullable Node place(String key) {
        NodeTuple entry = entries.get(key);
        if (entry != null) {
            return entry.getValueNode();
        }
        int dot = key.indexOf('.');
        NodeTuple outer = dot < 0 ? null : entries.get(key.substring(0, dot));
        if (outer == null) {
            return node;
        }
        return outer.getValueNode() instanceof MappingNode inner
                ? inner.getValue().stream()
                        .filter(e -> isKey(e.getKeyNode(), key.substring(dot + 1)))
                        .map(NodeTuple::getValueNode)
                        .findFirst()
                        .orElse(inner)
                : outer.getValueNode();
    }

    private static boolean isKey(Node node, String key) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(key);
    }
}
