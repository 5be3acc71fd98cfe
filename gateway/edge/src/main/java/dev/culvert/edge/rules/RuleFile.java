package dev.culvert.edge.rules;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.NearestName;
import dev.culvert.config.ProblemList;
import dev.culvert.config.PushedJson;
import dev.culvert.config.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A configuration as it is given to the edge: cloudflared's `config.yml`, or the JSON connectors take.
/// Immutable.
///
/// @param config `ingress`, `originRequest` and `warp-routing`, durations in whole seconds
/// @param leftOut other keys of the file, which a connector reads from its own file only
public record RuleFile(ObjectNode config, List<String> leftOut) {
    private static final List<String> KEYS = List.of("ingress", "originRequest", "warp-routing");

    /// Blocking: reads the file.
    ///
    /// @throws InvalidConfigException with all that is wrong with it
    public static RuleFile read(Path file) throws InvalidConfigException {
        ProblemList problems = new ProblemList();
        ConfigMap root = startsAsJson(file) ? json(file, problems) : YamlFile.read(file, problems);
        List<String> leftOut = new ArrayList<>();
        if (root != null) {
            for (String key : root.valueHashes().keySet()) {
                if (!KEYS.contains(key) && NearestName.of(key, KEYS) == null) {
                    root.accept(key);
                    leftOut.add(key);
                }
            }
        }
        return of(root, problems, leftOut);
    }

    /// Checks the JSON form.
    ///
    /// @param source shown in messages
    public static RuleFile parse(String source, byte[] json) throws InvalidConfigException {
        ProblemList problems = new ProblemList();
        return of(PushedJson.parse(source, json, problems, null), problems, List.of());
    }

    private static RuleFile of(@Nullable ConfigMap root, ProblemList problems, List<String> leftOut)
            throws InvalidConfigException {
        ObjectNode config = root == null ? null : new RuleDocument(root).read();
        problems.throwIfAny();
        if (config == null) {
            throw new IllegalStateException("nothing was read and nothing is wrong");
        }
        return new RuleFile(config, List.copyOf(leftOut));
    }

    private static boolean startsAsJson(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(64), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .stripLeading()
                    .startsWith("{");
        } catch (IOException e) {
            return false; // reported by the reader of YAML
        }
    }

    private static @Nullable ConfigMap json(Path file, ProblemList problems) {
        try (InputStream in = Files.newInputStream(file)) {
            return PushedJson.parse(
                    file.toString(), in.readNBytes(YamlFile.MAX_BYTES + 1), problems, null);
        } catch (IOException e) {
            problems.add(file.toString(), "", "cannot be read: " + e.getMessage());
            return null;
        }
    }

    /// How many rules there are.
    public int rules() {
        return config.path("ingress").size();
    }
}
