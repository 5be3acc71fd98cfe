package dev.culvert.connector.ingress;

import dev.culvert.config.NearestName;
import dev.culvert.config.ProblemList;
import dev.culvert.config.Shown;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServiceSpec;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Every plugin by the schemes it answers for: those on the class path and those in the jars of the
/// `plugins/` directory. Each jar has a class loader of its own, which sees [SharedClasses].
///
/// Immutable once loaded, so thread-safe. [#close()] closes the jars; origins must be closed before.
public final class PluginCatalog implements AutoCloseable {
    private final Map<String, OriginPlugin> byScheme = new TreeMap<>();
    private final Map<String, String> foundIn = new TreeMap<>();
    private final List<OriginPlugin> plugins = new ArrayList<>();
    private final List<URLClassLoader> jars = new ArrayList<>();

    private PluginCatalog() {}

    /// Loads what there is; what is wrong goes to `problems`, and such a plugin is left out. Blocking.
    ///
    /// @param directory of jars; null or absent for the built-in plugins only
    public static PluginCatalog load(@Nullable Path directory, ProblemList problems) {
        PluginCatalog catalog = new PluginCatalog();
        ClassLoader application = PluginCatalog.class.getClassLoader();
        catalog.addAll(ServiceLoader.load(OriginPlugin.class, application), "built in", problems);
        if (directory != null && Files.isDirectory(directory)) {
            catalog.addJars(directory, new SharedClasses(application), problems);
        }
        return catalog;
    }

    /// For tests: the given plugins only.
    public static PluginCatalog of(OriginPlugin... plugins) {
        PluginCatalog catalog = new PluginCatalog();
        ProblemList problems = new ProblemList();
        for (OriginPlugin plugin : plugins) {
            catalog.add(plugin, "given", problems);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.problems().toString());
        }
        return catalog;
    }

    /// In the order they were found.
    public List<OriginPlugin> plugins() {
        return List.copyOf(plugins);
    }

    /// Sorted.
    public Set<String> schemes() {
        return Set.copyOf(byScheme.keySet());
    }

    /// Makes the origin of one `service:`.
    ///
    /// @return null when a problem was reported
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        OriginPlugin plugin = byScheme.get(service.scheme());
        if (plugin == null) {
            problems.add("service", unknown(service));
            return null;
        }
        try {
            return plugin.configure(service, problems);
        } catch (RuntimeException | LinkageError e) {
            problems.add(
                    "service",
                    Shown.value(service.text()) + ": plugin " + plugin.name() + " failed: " + e);
            return null;
        }
    }

    /// Splits a `service:` at its scheme.
    static ServiceSpec spec(String text, ServiceSpec.OriginRequest originRequest) {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        return new ServiceSpec(
                text,
                scheme.toLowerCase(Locale.ROOT),
                rest.startsWith("//") ? rest.substring(2) : rest,
                originRequest);
    }

    private String unknown(ServiceSpec service) {
        String known = String.join(", ", byScheme.keySet());
        String text = Shown.value(service.text());
        boolean isPort =
                !service.rest().isEmpty() && service.rest().chars().allMatch(Character::isDigit);
        if (isPort
                || service.scheme().indexOf('.') >= 0
                || service.scheme().equals("localhost")
                || service.text().startsWith("[")) {
            return text + " has no scheme (expected: one such as http://" + service.text() + ")";
        }
        String near = NearestName.of(service.scheme(), byScheme.keySet());
        return text
                + ": unknown scheme"
                + (near == null ? "" : ", did you mean " + near + "?")
                + " (known: "
                + known
                + "; for any other byte stream write tcp://HOST:PORT)";
    }

    private void addJars(Path directory, SharedClasses shared, ProblemList problems) {
        String untrusted = TrustedFile.problem(directory);
        if (untrusted != null) {
            problems.add(directory.toString(), "", untrusted);
            return;
        }
        List<Path> files;
        try (Stream<Path> list = Files.list(directory)) {
            files = list.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            problems.add(directory.toString(), "", "cannot be listed: " + e.getMessage());
            return;
        }
        for (Path jar : files) {
            String problem = TrustedFile.problem(jar);
            if (problem != null) {
                problems.add(jar.toString(), "", problem);
            } else {
                addJar(jar, shared, problems);
            }
        }
    }

    private void addJar(Path jar, SharedClasses shared, ProblemList problems) {
        try {
            URL[] urls = {jar.toUri().toURL()};
            URLClassLoader loader = new URLClassLoader(jar.getFileName().toString(), urls, shared);
            jars.add(loader);
            int before = plugins.size();
            boolean whole =
                    addAll(
                            ServiceLoader.load(OriginPlugin.class, loader),
                            jar.toString(),
                            problems);
            if (whole && plugins.size() == before) {
                problems.add(
                        jar.toString(),
                        "",
                        "no plugin inside (expected: META-INF/services/"
                                + OriginPlugin.class.getName()
                                + ")");
            }
        } catch (IOException e) {
            problems.add(jar.toString(), "", "cannot be read: " + e.getMessage());
        }
    }

    /// @return false when a problem was reported
    private boolean addAll(ServiceLoader<OriginPlugin> found, String source, ProblemList problems) {
        boolean whole = true;
        try {
            for (ServiceLoader.Provider<OriginPlugin> provider : found.stream().toList()) {
                whole &= addOne(provider, source, problems);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            problems.add(source, "", "a plugin does not load: " + reason(e));
            whole = false;
        }
        return whole;
    }

    private boolean addOne(
            ServiceLoader.Provider<OriginPlugin> provider, String source, ProblemList problems) {
        try {
            return add(provider.get(), source, problems);
        } catch (RuntimeException | ServiceConfigurationError | LinkageError e) {
            problems.add(source, "", "a plugin does not load: " + reason(e));
            return false;
        }
    }

    private boolean add(OriginPlugin plugin, String source, ProblemList problems) {
        boolean free = true;
        Set<String> schemes = plugin.schemes();
        for (String scheme : schemes) {
            String here = Shown.value(plugin.name()) + " (" + source + ")";
            String other = foundIn.putIfAbsent(scheme, here);
            if (other != null) {
                problems.add(
                        source,
                        "",
                        "plugin "
                                + Shown.value(plugin.name())
                                + " answers for the scheme "
                                + Shown.value(scheme)
                                + ", as does "
                                + other
                                + "; remove one of them");
                free = false;
            } else {
                byScheme.put(scheme, plugin);
            }
        }
        plugins.add(plugin);
        return free;
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return String.valueOf(cause).replaceAll("\\s*\\R\\s*", " ");
    }

    @Override
    public void close() {
        for (URLClassLoader jar : jars) {
            try {
                jar.close();
            } catch (IOException e) {
                // Nothing was written to it, and the process is about to end.
            }
        }
    }
}
