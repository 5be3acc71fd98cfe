package dev.culvert.gateway.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TestScriptTest {

    private static final String REPORT =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite xmlns:xsi="x" name="EdgeTest" time="1" tests="%d" errors="0" skipped="%d" failures="%d">
              <testcase name="answersClosed" classname="dev.culvert.EdgeTest" time="0.1"/>
              <testcase name="runsChromium" classname="dev.culvert.EdgeTest" time="0.1">
                %s
              </testcase>
            </testsuite>
            """;

    @TempDir private Path directory;
    private SourceTree tree;

    @BeforeEach
    void makeTree() throws Exception {
        tree = new SourceTree(directory);
        tree.jdk("java-25", "25.0.3");
        tree.tool("dpkg-query", "#!/bin/sh\necho installed\n");
    }

    private void mavenReports(String report, int exit) throws Exception {
        tree.write("report", report);
        tree.tool(
                "mvn",
                """
                #!/bin/sh
                echo "$*" >"$HOME/maven-runs"
                mkdir -p gateway/edge/target/surefire-reports
                cat report >gateway/edge/target/surefire-reports/TEST-EdgeTest.xml
                exit %d
                """
                        .formatted(exit));
    }

    @Test
    void endsWithTheTotals() throws Exception {
        mavenReports(REPORT.formatted(2, 0, 0, ""), 0);

        var test = tree.run("bin/test", "-pl", "gateway/edge");

        assertThat(test.exit()).isZero();
        assertThat(Files.readString(tree.home.resolve("maven-runs")))
                .isEqualTo(
                        "-B -ntp -Dstyle.color=never -T 2 --fail-at-end -Pbench verify -pl gateway/edge\n");
        assertThat(test.stdout())
                .endsWith(
                        "Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n2 passed, 0 failed, 0 skipped\n");
    }

    @Test
    void failsWhenMavenDoes() throws Exception {
        mavenReports(REPORT.formatted(2, 0, 1, "<failure message=\"no\"/>"), 1);

        var test = tree.run("bin/test");

        assertThat(test.exit()).isEqualTo(1);
        assertThat(test.stdout()).endsWith("1 passed, 1 failed, 0 skipped\n");
    }

    @Test
    void aSkippedTestIsNamedAndFailsOnlyInContinuousIntegration() throws Exception {
        mavenReports(REPORT.formatted(2, 1, 0, "<skipped message=\"no chromium\"/>"), 0);

        var here = tree.run("bin/test");
        var there = tree.set("CI", "true").run("bin/test");

        assertThat(here.exit()).isZero();
        assertThat(here.stdout())
                .contains("SKIPPED dev.culvert.EdgeTest.runsChromium: no chromium\n");
        assertThat(there.exit()).isEqualTo(1);
        assertThat(there.stderr())
                .endsWith("test: error: a skipped test is a failure when CI=true\n");
    }

    @Test
    void reportsOfAnEarlierRunDoNotCount() throws Exception {
        mavenReports(REPORT.formatted(2, 0, 0, ""), 0);
        var old = "gateway/edge/target/surefire-reports/TEST-RemovedTest.xml";
        tree.write(old, REPORT.formatted(5, 0, 0, ""));
        Files.setLastModifiedTime(tree.root.resolve(old), FileTime.fromMillis(0));

        assertThat(tree.run("bin/test").stdout()).endsWith("2 passed, 0 failed, 0 skipped\n");
    }

    @Test
    void noTestAtAllFailsInContinuousIntegration() throws Exception {
        tree.tool("mvn", "#!/bin/sh\n");

        assertThat(tree.run("bin/test").exit()).isZero();
        assertThat(tree.set("CI", "true").run("bin/test").exit()).isEqualTo(1);
    }

    @Test
    void namesTheOneCommandThatInstallsWhatIsMissing() throws Exception {
        tree.tool(
                "dpkg-query",
                "#!/bin/sh\ncase $* in *rsync*|*nginx*) exit 1 ;; esac\necho installed\n");
        tree.tool("id", "#!/bin/sh\necho 1000\n");

        var test = tree.run("bin/test");

        assertThat(test.exit()).isEqualTo(2);
        assertThat(test.stderr())
                .contains(
                        "hint: sudo apt-get install -y --no-install-recommends rsync nginx-light\n");
    }

    @Test
    void eitherOfTwoPackagesWillDo() throws Exception {
        mavenReports(REPORT.formatted(2, 0, 0, ""), 0);
        tree.tool(
                "dpkg-query",
                "#!/bin/sh\ncase $* in *nginx-light) exit 1 ;; esac\necho installed\n");

        assertThat(tree.run("bin/test").exit()).isZero();
    }
}
