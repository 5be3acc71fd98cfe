package dev.culvert.gateway.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildOnFirstUseTest {

    @TempDir private Path directory;
    private SourceTree tree;
    private Path jdk;

    @BeforeEach
    void makeTree() throws Exception {
        tree = new SourceTree(directory);
        jdk = tree.jdk("java-25", "25.0.3");
    }

    @Test
    void buildsTheProductWithTheJdkItFoundThenStartsAtOnce() throws Exception {
        var first = tree.run("bin/gateway", "run");
        var second = tree.run("bin/gateway", "run");

        assertThat(first.exit()).isZero();
        assertThat(Files.readString(tree.home.resolve("maven-runs")))
                .isEqualTo(jdk + " -B -ntp -Dmaven.test.skip=true package -pl gateway/dist -am\n");
        assertThat(first.stderr()).contains("gateway: [12/14] Culvert edge\n");
        assertThat(second.stderr()).isEmpty();
        assertThat(second.javaArguments()).endsWith("dev.culvert.gateway.Main", "run");
    }

    @Test
    void theTunnelsBytesPassABuildUntouched() throws Exception {
        var access =
                tree.start(tree.root.resolve("bin/access"), "ssh")
                        .finish("SSH-2.0-OpenSSH_9.2\r\n");

        assertThat(tree.home.resolve("maven-stdin")).isEmptyFile();
        assertThat(access.stdout().lines().filter(line -> !line.matches("(process|argument) .*")))
                .containsExactly("SSH-2.0-OpenSSH_9.2");
    }

    @Test
    void buildsAgainWhenASourceChanged() throws Exception {
        tree.run("bin/gateway");
        tree.edit("gateway/edge/src/main/java/Edge.java");
        tree.run("bin/gateway");

        assertThat(tree.mavenRuns()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenASourceWasRemoved() throws Exception {
        tree.run("bin/gateway");
        Files.delete(tree.root.resolve("gateway/edge/src/main/java/Edge.java"));
        tree.edit("gateway/edge/src/main/java");
        tree.run("bin/gateway");

        assertThat(tree.mavenRuns()).isEqualTo(2);
    }

    @Test
    void doesNotBuildForATestOrADocument() throws Exception {
        tree.write("docs/guide.md", "");
        tree.run("bin/gateway");
        tree.edit("gateway/edge/src/test/java/EdgeTest.java");
        tree.edit("docs/guide.md");
        tree.run("bin/gateway");

        assertThat(tree.mavenRuns()).isEqualTo(1);
    }

    @Test
    void aFailedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
        tree.tool(
                "mvn",
                "#!/bin/sh\necho '[INFO] noise'\necho '[ERROR] Edge.java:1 not Java'\nexit 1\n");

        var first = tree.run("bin/access", "version");
        var second = tree.run("bin/access", "version");

        assertThat(first.exit()).isEqualTo(1);
        assertThat(first.stdout()).isEmpty();
        assertThat(first.stderr())
                .contains(
                        "access: error: the build failed",
                        "build.log",
                        "[ERROR] Edge.java:1 not Java")
                .doesNotContain("noise");
        assertThat(second.exit()).isEqualTo(1);
    }

    @Test
    void saysWhatItBuiltWithoutAndBuildsAgainWhenItIsThere() throws Exception {
        var maven = Files.readString(directory.resolve("tools/mvn"));
        var warning = "[WARNING] web pages: npm is not installed; pages will be missing";
        tree.tool("mvn", maven + "command -v npm >/dev/null || echo '" + warning + "'\n");

        var without = tree.run("bin/gateway");
        tree.run("bin/gateway");

        assertThat(without.exit()).isZero();
        assertThat(without.stderr())
                .contains("gateway: web pages: npm is not installed; pages will be missing\n");
        assertThat(tree.mavenRuns()).isEqualTo(1);

        tree.tool("npm", "#!/bin/sh\n");
        tree.run("bin/gateway");
        tree.run("bin/gateway");

        assertThat(tree.mavenRuns()).isEqualTo(2);
    }

    @Test
    void namesMavenWhenItIsMissing() throws Exception {
        Files.delete(directory.resolve("tools/mvn"));

        var gateway = tree.run("bin/gateway");

        assertThat(gateway.exit()).isEqualTo(2);
        assertThat(gateway.stderr())
                .contains("Maven (mvn) is not in PATH", "apt-get install maven");
    }

    @Test
    void aSecondCallerWaitsForTheFirstOnesBuild() throws Exception {
        var maven = directory.resolve("tools/mvn");
        var fifo = "#!/bin/sh\nmkfifo \"$HOME/go-on\"\n";
        var slow = fifo + Files.readString(maven) + "cat \"$HOME/go-on\"\n";
        tree.tool("mvn", slow);

        var first = tree.start(tree.root.resolve("bin/gateway"));
        await(tree.home.resolve("maven-runs"), "25");
        var second = tree.start(tree.root.resolve("bin/access"));
        await(second.stderr(), "access: waiting for another build");
        Files.writeString(tree.home.resolve("go-on"), "", StandardOpenOption.WRITE);

        assertThat(first.finish("").exit()).isZero();
        assertThat(second.finish("").exit()).isZero();
        assertThat(tree.mavenRuns()).isEqualTo(1);
    }

    @Test
    void aLaterBuildLeavesTheJarsOfARunningProgramAlone() throws Exception {
        var running = tree.start(tree.root.resolve("bin/gateway"));
        await(running.stdout(), "dev.culvert.gateway.Main");
        for (var build = 0; build < 3; build++) {
            Files.delete(tree.root.resolve("target/launch/stamp"));
            tree.run("bin/gateway");
        }

        var arguments = running.finish("").javaArguments();
        assertThat(Path.of(arguments.get(arguments.indexOf("-cp") + 1))).exists();
        try (var trees = Files.newDirectoryStream(tree.root.resolve("target/launch"), "tree.*")) {
            assertThat(trees).as("the running one's, the last and the current").hasSize(3);
        }
    }

    @Test
    void withinATestRunItTakesWhatMavenMade() throws Exception {
        tree.run("bin/gateway");
        tree.edit("pom.xml");
        tree.set("CULVERT_BUILD_LOCK_HELD", "yes");

        assertThat(tree.run("bin/gateway").javaArguments())
                .contains(
                        tree.root
                                .resolve("gateway/dist/target/culvert/lib/gateway/g.jar")
                                .toString());
        assertThat(tree.mavenRuns()).isEqualTo(1);
    }

    private static void await(Path file, String text) throws Exception {
        var deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            assertThat(Instant.now()).as("deadline for '%s' in %s", text, file).isBefore(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}
