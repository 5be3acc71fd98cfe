package dev.culvert.connector.ingress;

import java.util.List;

/// What a plugin's jar sees of this program: the JDK, the plugin interface, the wire formats and the
/// logging interface. Everything else a plugin uses comes with it in its jar, so it neither meets nor
/// breaks our versions of libraries. Thread-safe, as class loaders are.
final class SharedClasses extends ClassLoader {
    /// Packages with their sub-packages.
    static final List<String> SHARED =
            List.of(
                    "dev.culvert.plugin.",
                    "dev.culvert.protocols.",
                    "org.slf4j.",
                    "org.jspecify.annotations.");

    /// Built-in plugins live below the interface's package; they are nobody's library.
    static final List<String> HIDDEN =
            List.of(
                    "dev.culvert.plugin.http.",
                    "dev.culvert.plugin.tcp.",
                    "dev.culvert.plugin.ssh.",
                    "dev.culvert.plugin.rdp.");

    private final ClassLoader application;

    SharedClasses(ClassLoader application) {
        super("shared with plugins", ClassLoader.getPlatformClassLoader());
        this.application = application;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)
                && HIDDEN.stream().noneMatch(name::startsWith)) {
            return application.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
