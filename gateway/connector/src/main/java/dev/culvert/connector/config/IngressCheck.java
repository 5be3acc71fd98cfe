package dev.culvert.connector.config;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigProblem;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.ProblemList;
import dev.culvert.config.YamlFile;
import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.IngressReader;
import dev.culvert.connector.ingress.PluginCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads ingress rules as the connector would, without a tunnel's credentials and without an edge.
/// Confined to one thread, blocking: reads files and loads plugins.
public final class IngressCheck implements AutoCloseable {
    /// What is missing here is none of these commands' business.
    private static final Set<String> OF_THE_TUNNEL =
            Set.of(
                    "tunnel",
                    "token",
                    "token-file",
                    "credentials-file",
                    "credentials-contents",
                    "origincert",
                    "edge",
                    "cacert",
                    "TUNNEL_TOKEN",
                    "TUNNEL_TOKEN_FILE",
                    "TUNNEL_CRED_FILE",
                    "TUNNEL_CRED_CONTENTS",
                    "TUNNEL_ORIGIN_CERT",
                    "TUNNEL_EDGE",
                    "TUNNEL_CACERT");

    private final Ingress ingress;
    private final PluginCatalog plugins;
    private final List<String> notes;

    private IngressCheck(Ingress ingress, PluginCatalog plugins, List<String> notes) {
        this.ingress = ingress;
        this.plugins = plugins;
        this.notes = List.copyOf(notes);
    }

    /// Where the rules are when no file is named; null when there is no file.
    public static @Nullable Path defaultFile(Map<String, String> environment) {
        return ConnectorConfigReader.search(ConnectorConfigReader.directories(environment));
    }

    /// Checks a whole file, and that it has rules.
    ///
    /// @param url of `--url`, which excludes rules; null for none
    /// @throws InvalidConfigException with everything that is wrong
    public static IngressCheck ofFile(
            Path file,
            @Nullable String url,
            Map<String, String> environment,
            @Nullable Path pluginDirectory)
            throws InvalidConfigException {
        ConnectorOptions options = new ConnectorOptions();
        options.config = file;
        options.url = url;
        try {
            options.load(environment, pluginDirectory).close();
        } catch (InvalidConfigException e) {
            List<ConfigProblem> problems =
                    e.problems().stream().filter(p -> !OF_THE_TUNNEL.contains(p.key())).toList();
            if (!problems.isEmpty()) {
                throw new InvalidConfigException(problems);
            }
        }
        ProblemList problems = new ProblemList();
        return read(YamlFile.read(file, problems), file.toString(), problems, pluginDirectory);
    }

    /// Checks the keys `ingress` and `originRequest` of a text in YAML or JSON.
    ///
    /// @param source shown in messages
    /// @throws InvalidConfigException with everything that is wrong
    public static IngressCheck ofText(String source, String text, @Nullable Path pluginDirectory)
            throws InvalidConfigException {
        ProblemList problems = new ProblemList();
        return read(YamlFile.parse(source, text, problems), source, problems, pluginDirectory);
    }

    private static IngressCheck read(
            @Nullable ConfigMap root,
            String source,
            ProblemList problems,
            @Nullable Path pluginDirectory)
            throws InvalidConfigException {
        PluginCatalog plugins = PluginCatalog.load(pluginDirectory, problems);
        List<String> notes = new ArrayList<>();
        Ingress ingress =
                root == null ? Ingress.empty() : new IngressReader(plugins, notes::add).read(root);
        if (root != null && !root.has("ingress")) {
            problems.add(source, "ingress", "the configuration does not contain any ingress rules");
        }
        if (!problems.isEmpty()) {
            ingress.close();
            plugins.close();
            throw new InvalidConfigException(problems.problems());
        }
        return new IngressCheck(ingress, plugins, notes);
    }

    public Ingress ingress() {
        return ingress;
    }

    /// Lines for the user that are no errors.
    public List<String> notes() {
        return notes;
    }

    @Override
    public void close() {
        ingress.close();
        plugins.close();
    }
}
