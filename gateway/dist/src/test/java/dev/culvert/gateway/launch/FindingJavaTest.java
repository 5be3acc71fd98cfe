package dev.culvert.gateway.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FindingJavaTest {

    @TempDir private Path directory;
    private SourceTree tree;

    @BeforeEach
    void makeTree() throws Exception {
        tree = new SourceTree(directory);
    }

    @Test
    void namesEveryJavaItFoundWhenNoneIsNewEnough() throws Exception {
        var old = tree.jdk("java-17", "17.0.15");
        tree.jdk("java-21", "21.0.2");
        tree.linkTool("java", old.resolve("bin/java"));
        tree.set("JAVA_HOME", old).set("CULVERT_JAVA_HOME", directory.resolve("absent"));

        var access = tree.run("bin/access", "version");

        assertThat(access.exit()).isEqualTo(2);
        assertThat(access.stdout()).isEmpty();
        assertThat(access.stderr().lines())
                .containsExactly(
                        "access: error: found no JDK 25 or newer. Looked in:",
                        "  CULVERT_JAVA_HOME: "
                                + directory.resolve("absent")
                                + ": no bin/java in it",
                        "  JAVA_HOME: " + old + ": Java 17.0.15",
                        "  PATH: " + old + ": Java 17.0.15",
                        "  " + old.getParent() + ": " + old + ": Java 17.0.15",
                        "  "
                                + old.getParent()
                                + ": "
                                + old.resolveSibling("java-21")
                                + ": Java 21.0.2",
                        "access: hint: install a JDK 25 (Debian: openjdk-25-jdk where the release has it, else"
                                + " Eclipse Temurin 25), or set CULVERT_JAVA_HOME to one");
        assertThat(tree.mavenRuns()).isZero();
    }

    @Test
    void saysWhenThereIsNoJavaAtAll() throws Exception {
        var gateway = tree.run("bin/gateway");

        assertThat(gateway.exit()).isEqualTo(2);
        assertThat(gateway.stderr())
                .contains(
                        "CULVERT_JAVA_HOME: not set",
                        "JAVA_HOME: not set",
                        "PATH: no java",
                        "jvm: no Java");
    }

    @Test
    void testsNeedTheSameJdk() throws Exception {
        tree.jdk("java-17", "17.0.15");

        var test = tree.run("bin/test");

        assertThat(test.exit()).isEqualTo(2);
        assertThat(test.stderr()).startsWith("test: error: found no JDK 25 or newer");
    }

    @Test
    void prefersTheVariableForCulvertThenJavaHomeThenPathThenTheSystem() throws Exception {
        tree.jdk("system", "25");
        var inPath = tree.jdk("in-path", "26.0.1");
        tree.linkTool("java", inPath.resolve("bin/java"));
        assertThat(tree.run("bin/gateway").stderr()).contains("JDK 26.0.1 from " + inPath + " ");

        rebuild();
        var javaHome = tree.jdk("java-home", "25.0.2");
        tree.set("JAVA_HOME", javaHome);
        assertThat(tree.run("bin/gateway").stderr()).contains("JDK 25.0.2 from " + javaHome + " ");

        rebuild();
        var ours = tree.jdk("ours", "25.0.3");
        tree.set("CULVERT_JAVA_HOME", ours);
        assertThat(tree.run("bin/gateway").stderr()).contains("JDK 25.0.3 from " + ours + " ");
    }

    @Test
    void passesOverAnOldJavaHome() throws Exception {
        tree.set("JAVA_HOME", tree.jdk("java-17", "17.0.15"));
        var newer = tree.jdk("java-25", "25.0.3");

        assertThat(tree.run("bin/gateway").stderr()).contains("JDK 25.0.3 from " + newer + " ");
    }

    @Test
    void takesTheOldestSystemJdkThatWillDo() throws Exception {
        tree.jdk("a", "27");
        var oldest = tree.jdk("b", "25.0.1");
        tree.jdk("c", "26");

        assertThat(tree.run("bin/gateway").stderr()).contains("JDK 25.0.1 from " + oldest + " ");
    }

    @Test
    void doesNotBuildWithARuntimeThatHasNoCompiler() throws Exception {
        Files.delete(tree.jdk("jre", "25").resolve("bin/javac"));

        var gateway = tree.run("bin/gateway");

        assertThat(gateway.exit()).isEqualTo(2);
        assertThat(gateway.stderr()).contains("jre: Java 25, a runtime without the compiler");
    }

    @Test
    void asksAJavaWithoutReleaseFileForItsVersion() throws Exception {
        var plain = tree.jdk("plain", "0");
        Files.delete(plain.resolve("release"));
        Files.writeString(
                plain.resolve("bin/java"),
                "#!/bin/sh\necho 'openjdk version \"21.0.9\" 2026' >&2\n");

        assertThat(tree.run("bin/gateway").stderr()).contains("plain: Java 21.0.9");
    }

    private void rebuild() throws Exception {
        Files.delete(tree.root.resolve("target/launch/stamp"));
    }
}
