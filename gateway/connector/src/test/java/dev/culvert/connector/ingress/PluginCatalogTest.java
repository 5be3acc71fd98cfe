package dev.culvert.connector.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.ConfigProblem;
import dev.culvert.config.ProblemList;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Loads real jars, compiled here.
class PluginCatalogTest {
    @TempDir Path scratch;
    private Path directory;
    private final ProblemList problems = new ProblemList();

    @BeforeEach
    void makeDirectory() throws Exception {
        directory = Files.createDirectory(scratch.resolve("plugins"));
        mode(directory, "rwxr-xr-x");
    }

    private static void mode(Path file, String mode) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Path jar(String name, String schemes, String extra) throws Exception {
        Path classes = Files.createDirectories(scratch.resolve(name + "-classes"));
        Path source = classes.resolve("P.java");
        Files.writeString(
                source,
                """
                package third.party;
                import dev.culvert.plugin.*;
                public class P implements OriginPlugin {
                    %s
                    public String name() { return "%s"; }
                    public java.util.Set<String> schemes() { return java.util.Set.of(%s); }
                    public Origin configure(ServiceSpec s, Problems p) {
                        try {
                            Class.forName("com.google.re2j.Pattern");
                            p.add("service", "sees the connector's libraries");
                            return null;
                        } catch (ClassNotFoundException e) {
                            return (ServedHttpOrigin) x -> {};
                        }
                    }
                }
                """
                        .formatted(extra, name, schemes)
                        // A lambda cannot be a ServedHttpOrigin: it has default methods only
                        // besides.
                        .replace(
                                "(ServedHttpOrigin) x -> {}",
                                "new ServedHttpOrigin() { public void handle(HttpExchange x) {} }"));
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                classes.toString(),
                                source.toString());
        assertThat(status).isZero();
        Path jar = directory.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : Files.list(classes.resolve("third/party")).sorted().toList()) {
                put(out, "third/party/" + file.getFileName(), Files.readAllBytes(file));
            }
            put(
                    out,
                    "META-INF/services/" + OriginPlugin.class.getName(),
                    "third.party.P".getBytes());
        }
        mode(jar, "rw-r--r--");
        return jar;
    }

    private static void put(JarOutputStream out, String name, byte[] bytes) throws Exception {
        out.putNextEntry(new JarEntry(name));
        ((OutputStream) out).write(bytes);
        out.closeEntry();
    }

    private List<String> problems() {
        return problems.problems().stream().map(ConfigProblem::toString).toList();
    }

    @Test
    void loadsAJarThatSeesTheInterfaceAndNoLibraryOfOurs() throws Exception {
        jar("one", "\"one\"", "");
        try (PluginCatalog catalog = PluginCatalog.load(directory, problems)) {
            assertThat(problems()).isEmpty();
            assertThat(catalog.schemes()).contains("one");
            List<String> found = new ArrayList<>();
            Origin origin =
                    catalog.configure(
                            PluginCatalog.spec("one:x", ServiceSpec.OriginRequest.DEFAULT),
                            (key, problem) -> found.add(problem));
            assertThat(found).isEmpty();
            assertThat(origin).isNotNull();
            assertThat(origin.getClass().getClassLoader())
                    .isNotSameAs(PluginCatalog.class.getClassLoader());
        }
    }

    @Test
    void reportsEveryBadJarAtOnce() throws Exception {
        jar("a", "\"same\"", "");
        jar("b", "\"same\"", "");
        mode(jar("c", "\"c\"", ""), "rw-rw-r--");
        jar("d", "\"d\"", "public P() { throw new IllegalStateException(\"no licence\"); }");
        Path empty = directory.resolve("e.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(empty))) {
            put(out, "readme", new byte[0]);
        }
        mode(empty, "rw-r--r--");
        Path broken = Files.writeString(directory.resolve("f.jar"), "not a jar");
        mode(broken, "rw-r--r--");
        Files.writeString(directory.resolve("readme.txt"), "ignored");
        try (PluginCatalog catalog = PluginCatalog.load(directory, problems)) {
            assertThat(problems())
                    .satisfiesExactly(
                            p ->
                                    assertThat(p)
                                            .contains(
                                                    "b.jar: plugin \"b\" answers for the scheme \"same\", as does \"a\""),
                            p -> assertThat(p).contains("c.jar: mode rw-rw-r-- lets others write"),
                            p ->
                                    assertThat(p)
                                            .contains("d.jar: a plugin does not load")
                                            .contains("no licence"),
                            p -> assertThat(p).contains("e.jar: no plugin inside"),
                            p -> assertThat(p).contains("f.jar: "));
            assertThat(catalog.schemes()).contains("same").doesNotContain("c", "d");
        }
    }

    @Test
    void refusesADirectoryOthersMayWriteTo() throws Exception {
        jar("one", "\"one\"", "");
        mode(directory, "rwxrwxrwx");
        try (PluginCatalog catalog = PluginCatalog.load(directory, problems)) {
            assertThat(problems()).singleElement().asString().contains("plugins: mode rwxrwxrwx");
            assertThat(catalog.schemes()).doesNotContain("one");
        }
    }

    @Test
    void anAbsentDirectoryIsNoError() {
        PluginCatalog.load(scratch.resolve("none"), problems).close();
        PluginCatalog.load(null, problems).close();
        assertThat(problems()).isEmpty();
    }
}
