package dev.culvert.gateway.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartingTest {

    @TempDir private Path directory;
    private SourceTree tree;
    private Path jdk;

    @BeforeEach
    void makeTree() throws Exception {
        tree = new SourceTree(directory);
        jdk = tree.jdk("java-25", "25.0.3");
    }

    @Test
    void theJvmTakesTheScriptsPlaceSoThatSignalsReachIt() throws Exception {
        var gateway = tree.run("bin/gateway");

        assertThat(gateway.stdout()).startsWith("process " + gateway.pid() + "\n");
    }

    @Test
    void keepsArgumentsWithSpacesWhole() throws Exception {
        assertThat(tree.run("bin/access", "tcp", "--header", "a: b  c", "").javaArguments())
                .endsWith("dev.culvert.access.Main", "tcp", "--header", "a: b  c", "");
    }

    @Test
    void startsThroughSymbolicLinksAndNamesItsOwnPath() throws Exception {
        var absolute =
                Files.createSymbolicLink(
                        directory.resolve("first"), tree.root.resolve("bin/access"));
        var relative =
                Files.createSymbolicLink(directory.resolve("second"), absolute.getFileName());

        assertThat(tree.start(relative).finish("").javaArguments())
                .contains(
                        "-Dculvert.access.program=" + tree.root.toRealPath().resolve("bin/access"));
    }

    @Test
    void appendsTheJavaOptionsOfTheUser() throws Exception {
        tree.set("CULVERT_JAVA_OPTS", "-Xmx1g -Dx=y");

        assertThat(tree.run("bin/gateway").javaArguments())
                .containsSubsequence("-Xmx1g", "-Dx=y", "-cp");
        assertThat(tree.run("bin/access").javaArguments())
                .containsSubsequence("-Xmx256m", "-Xmx1g", "-Dx=y", "-cp");
    }

    @Test
    void aShippedTreeStartsWithoutMavenAndCompiler() throws Exception {
        var shipped = directory.resolve("unpacked here");
        SourceTree.copy(tree.root.resolve("bin"), Files.createDirectory(shipped).resolve("bin"));
        Files.delete(shipped.resolve("bin/lib/build.sh"));
        for (var jar :
                new String[] {"lib/gateway/b.jar", "lib/gateway/a.jar", "lib/access/c.jar"}) {
            Files.createDirectories(shipped.resolve(jar).getParent());
            Files.createFile(shipped.resolve(jar));
        }
        Files.delete(directory.resolve("tools/mvn"));
        Files.delete(jdk.resolve("bin/javac"));

        var gateway = tree.start(shipped.resolve("bin/gateway")).finish("");
        var access = tree.start(shipped.resolve("bin/access")).finish("");

        var lib = shipped.toRealPath().resolve("lib");
        assertThat(gateway.stderr() + access.stderr()).isEmpty();
        assertThat(gateway.javaArguments())
                .contains(lib + "/gateway/a.jar:" + lib + "/gateway/b.jar");
        assertThat(access.javaArguments()).contains(lib + "/access/c.jar");
    }
}
