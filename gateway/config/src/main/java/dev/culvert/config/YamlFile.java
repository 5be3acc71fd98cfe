package dev.culvert.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads a YAML file into a [ConfigMap], within bounds: 1 MiB, 32 levels, 50 aliases of collections,
/// one document.
///
/// Depth is counted on the parser's events before anything is composed, because the composer recurses.
/// Blocking: reads a file.
public final class YamlFile {
    public static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 32;
    static final int MAX_ALIASES = 50;

    private final String source;
    private final ProblemList problems;

    private final boolean durationsInSeconds;
    private final @Nullable Consumer<String> unknownKeys;

    private YamlFile(
            String source,
            ProblemList problems,
            boolean durationsInSeconds,
            @Nullable Consumer<String> unknownKeys) {
        this.source = source;
        this.problems = problems;
        this.durationsInSeconds = durationsInSeconds;
        this.unknownKeys = unknownKeys;
    }

    /// The document around mappings that [PushedJson] makes.
    static YamlFile ofSeconds(
            String source, ProblemList problems, @Nullable Consumer<String> unknownKeys) {
        return new YamlFile(source, problems, true, unknownKeys);
    }

    /// Reads the file; what is wrong goes to `problems`.
    ///
    /// @return the file's mapping, empty when the file is empty; null when it cannot be read at all
    public static @Nullable ConfigMap read(Path file, ProblemList problems) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            problems.add(file.toString(), "", "no such file");
            return null;
        } catch (IOException e) {
            problems.add(file.toString(), "", "cannot be read: " + e.getMessage());
            return null;
        }
        if (bytes.length > MAX_BYTES) {
            problems.add(file.toString(), "", "longer than 1 MiB");
            return null;
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return parse(file.toString(), text, problems);
        } catch (CharacterCodingException e) {
            problems.add(file.toString(), "", "not UTF-8 text");
            return null;
        }
    }

    /// As [#read] for text at hand.
    ///
    /// @param source shown in messages
    public static @Nullable ConfigMap parse(String source, String text, ProblemList problems) {
        return new YamlFile(source, problems, false, null).parse(text);
    }

    private @Nullable ConfigMap parse(String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(source)
                        .setUseMarks(true)
                        .setCodePointLimit(MAX_BYTES)
                        .setMaxAliasesForCollections(MAX_ALIASES)
                        .setAllowRecursiveKeys(false)
                        .setSchema(new CoreSchema())
                        .build();
        try {
            if (!isShallow(text, settings)) {
                return null;
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty() || root.get().getTag().equals(Tag.NULL)) {
                return new ConfigMap(this, "", Map.of(), null);
            }
            if (root.get() instanceof MappingNode mapping) {
                return map(mapping, "");
            }
            add(root.get(), "", "expected: a mapping of keys to values", null);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            add(mark, "", "not valid YAML: " + oneLine(e.getProblem()), null);
        } catch (YamlEngineException e) {
            add((Mark) null, "", "not valid YAML: " + oneLine(e.getMessage()), null);
        }
        return null;
    }

    private boolean isShallow(String text, LoadSettings settings) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                add(
                        event.getStartMark().orElse(null),
                        "",
                        "nested deeper than " + MAX_DEPTH + " levels",
                        null);
                return false;
            }
        }
        return true;
    }

    /// The mapping's entries; duplicate keys, keys that are not text and merge keys are reported.
    ConfigMap map(MappingNode mapping, String path) {
        Map<String, NodeTuple> entries = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                add(entry.getKeyNode(), path, "a key must be text", null);
                continue;
            }
            NodeTuple first = entries.putIfAbsent(key.getValue(), entry);
            if (first != null) {
                int line = first.getKeyNode().getStartMark().map(Mark::getLine).orElse(0) + 1;
                add(key, join(path, key.getValue()), "given twice, first in line " + line, null);
            }
        }
        return new ConfigMap(this, path, entries, mapping);
    }

    void add(@Nullable Node at, String key, String problem, @Nullable String suggestion) {
        add(at == null ? null : at.getStartMark().orElse(null), key, problem, suggestion);
    }

    private void add(@Nullable Mark at, String key, String problem, @Nullable String suggestion) {
        int line = at == null ? 0 : at.getLine() + 1;
        int column = at == null ? 0 : at.getColumn() + 1;
        problems.add(new ConfigProblem(source, line, column, key, problem, suggestion));
    }

    String source() {
        return source;
    }

    /// Whether durations are whole seconds; else they are Go's text.
    boolean durationsInSeconds() {
        return durationsInSeconds;
    }

    void unknownKey(Node at, String key, String problem, @Nullable String suggestion) {
        if (unknownKeys != null) {
            unknownKeys.accept(key);
        } else {
            add(at, key, problem, suggestion);
        }
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "unknown reason" : text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
