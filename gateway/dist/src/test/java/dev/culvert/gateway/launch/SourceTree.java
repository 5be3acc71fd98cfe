package dev.culvert.gateway.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A small source tree with the real `bin/` scripts, in a directory with a space in its name. Scripts run in it see only
/// this tree's own `tools` directory as PATH: the few system programs they use, and stand-ins for Maven and Java.
///
/// Confined to one test.
final class SourceTree {

    private static final List<String> SYSTEM_PROGRAMS =
            List.of(
                    "awk",
                    "cat",
                    "cp",
                    "date",
                    "env",
                    "find",
                    "flock",
                    "grep",
                    "id",
                    "ln",
                    "mkdir",
                    "mv",
                    "readlink",
                    "rm",
                    "sed",
                    "sh",
                    "mkfifo",
                    "tail",
                    "touch",
                    "tr",
                    "true");

    /// Stands in for Maven: keeps what it was given, and makes the tree the real build would.
    private static final String MAVEN =
            """
            #!/bin/sh
            cat >"$HOME/maven-stdin"
            echo "$JAVA_HOME $*" >>"$HOME/maven-runs"
            echo "[INFO] Building Culvert edge 0.1.0-SNAPSHOT                [12/14]"
            mkdir -p gateway/dist/target/culvert/lib/gateway gateway/dist/target/culvert/lib/access
            touch gateway/dist/target/culvert/lib/gateway/g.jar gateway/dist/target/culvert/lib/access/a.jar
            """;

    /// Stands in for a JVM: prints its process id, its arguments and its input.
    private static final String JAVA =
            """
            #!/bin/sh
            echo "process $$"
            for argument; do echo "argument $argument"; done
            cat
            """;

    final Path root;
    final Path home;
    private final Path tools;
    private final Map<String, String> environment = new HashMap<>();

    SourceTree(Path directory) throws IOException {
        root = Files.createDirectories(directory.resolve("source tree"));
        home = Files.createDirectory(directory.resolve("home"));
        tools = Files.createDirectory(directory.resolve("tools"));
        for (var program : SYSTEM_PROGRAMS) {
            Files.createSymbolicLink(tools.resolve(program), systemProgram(program));
        }
        copy(Path.of("../../bin").toRealPath(), root.resolve("bin"));
        write("pom.xml", "<project/>");
        write("gateway/edge/src/main/java/Edge.java", "class Edge {}");
        write("gateway/edge/src/test/java/EdgeTest.java", "class EdgeTest {}");
        tool("mvn", MAVEN);
        environment.put("HOME", home.toString());
        environment.put("PATH", tools.toString());
        environment.put(
                "CULVERT_JVM_DIRECTORY",
                Files.createDirectory(directory.resolve("jvm")).toString());
    }

    SourceTree set(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    /// Makes the stand-in for a JDK in the directory the system would install it to.
    Path jdk(String name, String version) throws IOException {
        var jdk = Path.of(environment.get("CULVERT_JVM_DIRECTORY")).resolve(name);
        executable(jdk.resolve("bin/java"), JAVA);
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(
                jdk.resolve("release"), "JAVA_RUNTIME=x\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    void tool(String name, String script) throws IOException {
        executable(tools.resolve(name), script);
    }

    void linkTool(String name, Path file) throws IOException {
        Files.createSymbolicLink(tools.resolve(name), file);
    }

    void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    /// Makes a file look edited after any build that has started by now.
    void edit(String file) throws IOException {
        Files.setLastModifiedTime(root.resolve(file), FileTime.from(Instant.now().plusSeconds(1)));
    }

    long mavenRuns() throws IOException {
        var runs = home.resolve("maven-runs");
        return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
    }

    Finished run(String script, String... arguments) throws IOException, InterruptedException {
        return start(root.resolve(script), arguments).finish("");
    }

    Started start(Path script, String... arguments) throws IOException {
        return Started.start(home, environment, script, arguments);
    }

    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            files.forEach(file -> copyOne(file, to.resolve(from.relativize(file).toString())));
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        // Never through a link: that would change the system's own program.
        Files.deleteIfExists(file);
        Files.writeString(file, script, StandardOpenOption.CREATE_NEW);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + file);
        }
    }

    private static Path systemProgram(String name) {
        return List.of("/usr/bin", "/bin").stream()
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this system has no program " + name));
    }
}
