package dev.culvert.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads a configuration that programs hand each other as JSON into a [ConfigMap]: durations are whole
/// seconds, not Go's text. Bounds as for a file: 1 MiB and 32 levels.
///
/// Source: cloudflared, `ingress/config.go` (`OriginRequestConfig` in JSON).
public final class PushedJson {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(YamlFile.MAX_DEPTH)
                                    .build())
                    .build();
    private static final int[] NO_TEXT = {};

    private final String source;
    private final JsonParser parser;

    private PushedJson(String source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    /// @param source shown in messages
    /// @param unknownKeys takes the full name of each key nobody asked for; null makes them errors
    /// @return null when it is not a JSON object; `problems` says why
    public static @Nullable ConfigMap parse(
            String source,
            byte[] text,
            ProblemList problems,
            @Nullable Consumer<String> unknownKeys) {
        if (text.length > YamlFile.MAX_BYTES) {
            problems.add(source, "", "longer than 1 MiB");
            return null;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                problems.add(source, "", "expected: a JSON object");
                return null;
            }
            MappingNode root = new PushedJson(source, parser).object();
            if (parser.nextToken() != null) {
                problems.add(source, "", "more after the object (expected: one JSON object)");
                return null;
            }
            return YamlFile.ofSeconds(source, problems, unknownKeys).map(root, "");
        } catch (JacksonException e) {
            // Its message would quote the text.
            TokenStreamLocation at = e.getLocation();
            problems.add(
                    new ConfigProblem(
                            source,
                            at == null ? 0 : at.getLineNr(),
                            at == null ? 0 : at.getColumnNr(),
                            "",
                            "not valid JSON, or nested deeper than 32 levels",
                            null));
            return null;
        }
    }

    private Node value() {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> scalar(Tag.STR, parser.getString());
            case VALUE_NUMBER_INT -> scalar(Tag.INT, parser.getString());
            case VALUE_NUMBER_FLOAT -> scalar(Tag.FLOAT, parser.getString());
            case VALUE_TRUE, VALUE_FALSE -> scalar(Tag.BOOL, parser.getString());
            case VALUE_NULL -> scalar(Tag.NULL, "");
            default -> throw new IllegalStateException("no value begins with " + token);
        };
    }

    private MappingNode object() {
        Optional<Mark> start = mark();
        List<NodeTuple> entries = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            Node key = scalar(Tag.STR, parser.currentName());
            parser.nextToken();
            entries.add(new NodeTuple(key, value()));
        }
        return new MappingNode(Tag.MAP, true, entries, FlowStyle.FLOW, start, mark());
    }

    private SequenceNode array() {
        Optional<Mark> start = mark();
        List<Node> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value());
        }
        return new SequenceNode(Tag.SEQ, true, elements, FlowStyle.FLOW, start, mark());
    }

    private ScalarNode scalar(Tag tag, String text) {
        return new ScalarNode(tag, true, text, ScalarStyle.DOUBLE_QUOTED, mark(), mark());
    }

    private Optional<Mark> mark() {
        TokenStreamLocation at = parser.currentTokenLocation();
        return Optional.of(
                new Mark(source, 0, at.getLineNr() - 1, at.getColumnNr() - 1, NO_TEXT, 0));
    }
}
